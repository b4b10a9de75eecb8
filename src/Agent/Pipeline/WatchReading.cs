using Agent.Batch;
using Agent.Checkpoint;
using Agent.Detect;
using Agent.Events;
using Agent.Native;
using Agent.Status;
using Agent.Tail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Pipeline;

/// <summary>The readers of the files that are watched, with positions of their own.</summary>
sealed partial class WatchReading : IDisposable
{
    /// <summary>The cause of problems that say where nothing is seen.</summary>
    public const string Blind = "watching";

    readonly WatchPlan _plan;
    readonly WatchRoom _room;
    readonly Watch _watch;
    readonly PositionStore _store;
    readonly Committer _committer;
    readonly List<FilePosition> _positions;
    readonly Spool _spool;
    readonly Readers _readers;

    // A matcher is of one thread, and takes memory: the files of an entry share it.
    readonly ThreadLocal<Dictionary<EntryPlan, LineWatch>> _looks =
        new(() => new(ReferenceEqualityComparer.Instance));

    readonly ThreadLocal<Observing> _observing;

    long _lastId;

    public WatchReading(WatchPlan plan, WatchRoom room, Watch watch, PositionStore store, Committer committer)
    {
        (_plan, _room, _watch, _store, _committer) = (plan, room, watch, store, committer);
        _observing = new(() => new(_watch, _committer));
        _positions = Known();
        _lastId = _positions.Select(position => position.Id).DefaultIfEmpty().Max();
        _spool = new(Path.Combine(room.Folder, "spool"), 0, _positions);
        _readers = NewReaders();
    }

    /// <summary>Of the files that the process may open.</summary>
    public static long ShareOf(long files) => files / 3;

    /// <summary>The readers, with all that they are to read. Nothing runs yet.</summary>
    public IReadOnlyList<Reader> Begin()
    {
        var entries = _plan.Watched.Select(one => one.Files).ToList();
        var known = new KnownPositions(_positions, entries, NextId, _room.Time.GetUtcNow(), NullLogger.Instance);
        return _readers.Begin(entries.ConvertAll(entry => (entry, known.Of(entry))));
    }

    /// <summary>What keeps files from being watched.</summary>
    public async Task<IReadOnlyList<Problem>> ProblemsAsync(CancellationToken cancel)
    {
        var (answers, silent) = await Readers.AskAsync(_readers.All, _room.Time, cancel);
        var problems = answers.SelectMany(answer => answer.Problems).ToList();
        var missing =
            from source in answers.SelectMany(answer => answer.Sources)
            where source.Files.Count == 0 && source.Path != JournalPlan.Path
                && !problems.Exists(one => one.Where == source.Path)
            select new Problem(source.Path, source.Trouble ?? "there is no such file");
        return
        [
            .. problems.Concat(missing).Select(one => one with { What = $"not watched: {one.What}", Cause = Blind }),
            .. silent.Select(name => new Problem(name, "watching does not answer: its file system hangs")
            {
                Cause = Blind
            })
        ];
    }

    /// <summary>The handle is all that leads to a deleted file: whoever watches next takes it over. To be called once
    /// the readers have ended.</summary>
    public void LeaveToNext()
    {
        foreach (var reader in _readers.All)
        {
            reader.LeaveToNext();
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
        _spool.Dispose();
        _looks.Dispose();
        _observing.Dispose();
    }

    // Where an entry is configured again after months nobody wants to hear of all that was since.
    List<FilePosition> Known()
    {
        var rows = _committer.ReadPositions();
        var gone = rows.FindAll(row => !_plan.Watched.Any(one => KnownPositions.IsOf(row, one.Files)));
        _store.Forget(gone);
        return [.. rows.Except(gone)];
    }

    Readers NewReaders()
    {
        var memory = new SegmentPool(1, _room.Time);
        var handles = HandleBudget.Of(_plan.MostOpenFiles / 2, ShareOf(OpenFiles.RaiseLimit()));
        return new(new(
            new(memory, _committer, _room.Time, _room.Time, TimeSpan.Zero, Wake: () => { }),
            handles, new(memory, _room.Time), NextId,
            source => (_, _, _, _) => NewEnd(source.Entry),
            _spool, _room.Held, _store, Host.BootId(), () => { }, new WarningsOnly(_room.Log))
        {
            AfterReading = () => _observing.Value!.Settle()
        });
    }

    WatchEnd NewEnd(EntryPlan entry)
    {
        var known = _looks.Value!;
        if (!known.TryGetValue(entry, out var look))
        {
            var detections = _plan.Watched.First(one => one.Files == entry).Detections;
            known.Add(entry, look = new(detections, TimeZoneInfo.Local, _room.Time, SayTooMany));
        }

        return new(
            look, _observing.Value!,
            hasStamps: entry.Journal is not null || entry.Framing.TimestampFormat is not null);
    }

    void SayTooMany(Detection detection) => LogTooMany(_room.Log, detection.Name, DimensionValues.Most);

    long NextId() => Interlocked.Increment(ref _lastId);

    [LoggerMessage(932, LogLevel.Warning,
        "The dimensions of {Detection} have had more than {Most} sets of values within an hour: the others are not "
        + "published. Its alarm counts all")]
    static partial void LogTooMany(ILogger log, string detection, int most);
}
