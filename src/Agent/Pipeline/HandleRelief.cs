using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Lets files take turns where more are to be read than may be open: first those are closed that have nothing
/// to read, the longest quiet first; where all have, those that have been open longest.</summary>
sealed partial class HandleRelief(HandleBudget handles, TimeProvider time, ILogger log)
{
    static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);

    // A file that has more to read keeps its handle for so long.
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    readonly ILogger _log = log;
    readonly Queue<Source> _inLine = new();
    readonly HashSet<Source> _waiting = [];
    bool _isSaid;

    /// <summary>Whether somebody waits.</summary>
    public bool IsNeeded => _waiting.Count > 0;

    /// <summary>Puts a source in line if it waits until it may open a file.</summary>
    public void Note(Source source)
    {
        if (source.WaitsForHandle && _waiting.Add(source))
        {
            _inLine.Enqueue(source);
        }
    }

    /// <summary>A source reads nothing any more.</summary>
    public void Forget(Source source) => _waiting.Remove(source);

    /// <summary>Closes files for those in line.</summary>
    /// <param name="attend">Told of each that may open its file now.</param>
    public void Relieve(IReadOnlyCollection<Source> sources, Action<Source> attend)
    {
        if (_waiting.Count == 0)
        {
            _inLine.Clear();
            return;
        }

        if (!_isSaid)
        {
            _isSaid = true;
            LogTurns(handles.Most);
        }

        var free = handles.Most - handles.Taken;
        if (free < _waiting.Count)
        {
            free += Release(sources, _waiting.Count - free);
        }

        while (free > 0 && _inLine.TryDequeue(out var source))
        {
            if (_waiting.Remove(source))
            {
                free--;
                source.TakeTurn();
                attend(source);
            }
        }
    }

    /// <summary>Closes files that have been quiet for long and are still where they are known to be.</summary>
    public void ReleaseIfIdle(Source source)
    {
        foreach (var life in source.Lives)
        {
            if (!life.IsPast && !life.WantsHandle && life.Lane is { IsIdle: true, IsDrained: true }
                && time.GetElapsedTime(life.Lane.LastGrowth) >= IdleTime)
            {
                source.TryRelease(life);
            }
        }
    }

    int Release(IReadOnlyCollection<Source> sources, int wanted)
    {
        var open = sources
            .SelectMany(source => source.Lives.Select(life => (Source: source, Life: life)))
            .Where(one => one.Life.Lane.Content is TailedFile { IsReleased: false } && !one.Life.WantsCopy)
            .ToList();
        var idle = open.Where(one => one.Life.Lane.IsIdle)
            .OrderBy(one => one.Life.IsPast) // rotated files may still be written to, and nobody tells of it
            .ThenBy(one => one.Life.Lane.LastGrowth);
        var busy = open.Where(one => time.GetElapsedTime(one.Life.OpenSince) >= Turn)
            .OrderBy(one => one.Life.OpenSince);
        var released = Release(idle, wanted);
        return released > 0 ? released : Release(busy, wanted);
    }

    static int Release(IEnumerable<(Source Source, Life Life)> candidates, int wanted)
    {
        var released = 0;
        foreach (var (source, life) in candidates)
        {
            if (released == wanted)
            {
                break;
            }

            released += source.TryRelease(life) ? 1 : 0;
        }

        return released;
    }

    [LoggerMessage(130, LogLevel.Warning,
        "As many files are open as may be, {Most}; they take turns, and lines may be late. Raise the limit of open "
        + "files (LimitNOFILE in the unit) or vigil.max_open_files")]
    partial void LogTurns(int most);
}
