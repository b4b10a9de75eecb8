using Agent.Discovery;
using Agent.Events;
using Agent.Filter;
using Agent.Framing;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>One entry of the configuration: finds the files that its pattern matches and makes a source of each that is
/// to be read. Of several matches only the newest is begun, as by the CloudWatch agent, unless all are asked for; what
/// was begun is read to its end.</summary>
sealed partial class Entry
{
    readonly EntryPlan _plan;
    readonly SourceRoom _room;
    readonly ILogger _log;
    readonly Dictionary<string, Source> _sources = [];
    readonly Dictionary<string, List<Source>> _byName = []; // the same, by the last part of their paths
    readonly Dictionary<string, string> _skipped = [];
    readonly HashSet<string> _saidFaults = [];
    readonly bool _isFirstStart;
    readonly EventFilter? _filter; // one for all: a matcher takes megabytes
    readonly ILookup<string, FilePosition> _finishedRows;
    bool _isStarted;

    /// <param name="rows">What is known of the files of this entry, oldest first.</param>
    public Entry(EntryPlan plan, SourceRoom room, IReadOnlyList<FilePosition> rows)
    {
        _plan = plan;
        _room = room;
        _log = room.Log;
        _isFirstStart = rows.Count == 0;
        _filter = plan.Filters.Count == 0 ? null : new(plan.Filters);
        _finishedRows = rows.Where(row => row.IsFinished).ToLookup(row => row.SourcePath);
        foreach (var row in rows.Where(row => row.IsFinished))
        {
            room.Claims.Finish(row, plan.Destination);
        }

        foreach (var path in rows.GroupBy(row => row.SourcePath).Where(path => path.Any(row => !row.IsFinished)))
        {
            Begin(path.Key, [.. path]);
        }

        if (plan.Files.LiteralPath is { } literal && !_sources.ContainsKey(literal))
        {
            Begin(literal, [.. _finishedRows[literal]]);
        }
    }

    public EntryPlan Plan => _plan;

    public IReadOnlyCollection<Source> Sources => _sources.Values;

    /// <summary>Where there may be files that could not be found, and why.</summary>
    public IReadOnlyList<WalkFault> Faults { get; private set; } = [];

    /// <summary>Files that match and are not read, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Skipped => _skipped;

    /// <summary>How many events a rule of the entry's filters dropped.</summary>
    public long DroppedBy(int rule) => _filter?.DroppedBy(rule) ?? 0;

    /// <summary>The folders in which a change may bring a new match.</summary>
    public IReadOnlySet<string> Folders { get; private set; } = new HashSet<string>();

    /// <summary>Looks for matches.</summary>
    /// <returns>The sources that are new.</returns>
    public List<Source> Discover()
    {
        var walk = _plan.Files.Walk();
        Folders = walk.Folders;
        Faults = walk.Faults;
        SayFaults();
        _skipped.Clear();
        var matches = walk.Files.Where(file => !_plan.IsExcluded(file.Path)).ToList();
        var begun = new List<Source>();
        var newest = _plan.TailsAll ? null : matches.MaxBy(file => file.Facts.Modified);
        foreach (var file in matches.Where(file => !_sources.ContainsKey(file.Path) && !IsReadElsewhere(file)))
        {
            if (IsToBeBegun(file, newest))
            {
                begun.Add(Begin(file.Path, [.. _finishedRows[file.Path]]));
            }
        }

        foreach (var file in matches)
        {
            if (_sources.TryGetValue(file.Path, out var source))
            {
                source.LinkTarget = file.IsLink ? Siblings.TargetOf(file.Path) : null;
            }
        }

        if (newest is not null && _sources.TryGetValue(newest.Path, out var current))
        {
            Supersede(current);
        }

        _isStarted = true;
        return begun;
    }

    /// <summary>Forgets sources of which nothing is left. The path that the configuration names is waited for.
    /// </summary>
    /// <returns>Those that were forgotten.</returns>
    public List<Source> Forget()
    {
        var over = _sources.Values
            .Where(source => source.IsOver && source.Path != _plan.Files.LiteralPath && !File.Exists(source.Path))
            .ToList();
        over.ForEach(Remove);
        return over;
    }

    /// <summary>Reads nothing any more.</summary>
    /// <param name="held">Takes over the files that are open.</param>
    public void LeaveTo(HeldFiles held)
    {
        foreach (var source in _sources.Values)
        {
            source.LeaveTo(held);
        }

        _sources.Clear();
        _byName.Clear();
    }

    bool IsReadElsewhere(FoundFile file)
    {
        if (_room.Claims.HolderOf(file.Identity, _plan.Destination) is { } holder)
        {
            _skipped[file.Path] = $"it is the file that is read as {holder.Path} already";
            return true;
        }

        // Whether it holds more by now is looked at once it is longer.
        return _room.Claims.FinishedAt(
                file.Identity, file.Since, file.Path, _plan.Destination) is { } finished
            && finished.OffsetBytes == file.Facts.LengthBytes;
    }

    bool IsToBeBegun(FoundFile file, FoundFile? newest)
    {
        if (newest is not null && file.Path != newest.Path)
        {
            _skipped[file.Path] = "only the newest file that matches is begun (vigil.tail_all reads all)";
            return false;
        }

        if (_plan.IgnoreOlder is { } limit && _room.Lanes.Time.GetUtcNow() - file.Facts.Modified > limit)
        {
            _skipped[file.Path] = "it was not written to for longer than ignore_older";
            return false;
        }

        if (IsCopy(file.Path, file.Identity, file.Since, file.Facts.LengthBytes))
        {
            _skipped[file.Path] = "it holds what a log that is read held so far: a copy, it seems";
            return false;
        }

        return true;
    }

    bool IsCopy(string path, FileIdentity identity, DateTimeOffset since, long lengthBytes)
    {
        var verdict = CopyJudge.Judge(path, lengthBytes, _byName);
        if (verdict == CopyVerdict.Copy)
        {
            _room.Claims.NoteCopy(identity, since, lengthBytes);
        }

        return verdict == CopyVerdict.Unclear || _room.Claims.IsCopy(identity, since, lengthBytes);
    }

    Source Begin(string path, IReadOnlyList<FilePosition> rows)
    {
        var intake = new Intake(
            _plan.Framing, new FramingCounts(), _filter, _plan.EventTimeout, _plan.PartialLineTimeout);
        var source = new Source(SourcePlan.Of(_plan, path), intake, _room, rows)
        {
            IsCopy = _plan.Files.IsLiteral ? null : look => IsCopy(path, look.Identity, look.Since, look.LengthBytes)
        };
        if (_plan.StartsAtEnd && _isFirstStart && !_isStarted && PathLook.At(path) is { State: PathState.Present } look)
        {
            source.PassedOver = (look.Identity, look.LengthBytes);
        }

        Add(source);
        return source;
    }

    void Add(Source source)
    {
        _sources.Add(source.Path, source);
        var name = Path.GetFileName(source.Path);
        if (!_byName.TryGetValue(name, out var same))
        {
            _byName[name] = same = [];
        }

        same.Add(source);
    }

    void Remove(Source source)
    {
        _sources.Remove(source.Path);
        var name = Path.GetFileName(source.Path);
        var same = _byName[name];
        same.Remove(source);
        if (same.Count == 0)
        {
            _byName.Remove(name);
        }
    }

    void Supersede(Source current)
    {
        current.IsSuperseded = false;
        foreach (var source in _sources.Values.Where(source => _plan.RemovesFiles && source != current))
        {
            source.IsSuperseded = true;
        }
    }

    // Once each: a folder that cannot be listed would fill the journal otherwise.
    void SayFaults()
    {
        foreach (var fault in Faults)
        {
            if (_saidFaults.Add($"{fault.Path}: {fault.Reason}"))
            {
                LogFault(fault.Path, fault.Reason);
            }
        }
    }

    [LoggerMessage(120, LogLevel.Warning,
        "{Path}: {Reason}. Files in it that are to be shipped are not found as long as that is so")]
    partial void LogFault(string path, string reason);
}
