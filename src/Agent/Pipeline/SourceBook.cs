using Agent.Discovery;

namespace Agent.Pipeline;

/// <summary>All sources of one reader thread by the paths at which changes are told, and when which entry is to look
/// for files again.</summary>
sealed class SourceBook(FolderWatches watches, TimeProvider time)
{
    // A walk of a large tree must not be the thread's main work, however often something changes in it.
    const int WalkShare = 10;

    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    readonly List<Entry> _entries = [];
    readonly HashSet<Source> _all = [];
    readonly SourcePaths _paths = new();
    readonly Dictionary<Entry, long> _notBefore = [];
    readonly HashSet<Entry> _due = [];

    public IReadOnlyCollection<Source> All => _all;

    /// <summary>Whether a source is still there: of a file that came and went nothing is left to do.</summary>
    public bool Has(Source source) => _all.Contains(source);

    /// <summary>Whether there are folders whose changes nobody tells.</summary>
    public bool HasPolled => watches.Polled.Count > 0;

    /// <summary>The sources in such folders.</summary>
    public IEnumerable<Source> Polled => _all.Where(source => IsPolled(source.Path)
        || (source.LinkTarget is { } target && IsPolled(target)));

    /// <summary>How long until an entry is to look for files; null when none is.</summary>
    public TimeSpan? NextDiscovery =>
        _due.Count == 0 ? null : _due.Min(entry => time.GetElapsedTime(time.GetTimestamp(), _notBefore[entry]));

    /// <summary>Takes in an entry. It has not looked for files yet.</summary>
    public void Add(Entry entry)
    {
        _entries.Add(entry);
        foreach (var source in entry.Sources)
        {
            _all.Add(source);
            _paths.Add(source);
        }
    }

    /// <summary>Nothing is read for an entry any more.</summary>
    public void Remove(Entry entry)
    {
        _entries.Remove(entry);
        _due.Remove(entry);
        _notBefore.Remove(entry);
        foreach (var source in entry.Sources)
        {
            Forget(source);
        }

        Watch();
    }

    /// <summary>The sources that a change at a path concerns.</summary>
    public List<Source> At(string path) => _paths.At(path);

    /// <summary>A file of a source has another name now.</summary>
    public void NoteName(string path, Source source) => _paths.NoteElsewhere(path, source);

    /// <summary>Notes which entries the changes may have brought new files.</summary>
    public void NoteArrivals(Changes changes)
    {
        if (!changes.HasFolderChanges && changes.Arrived.Count == 0)
        {
            return; // files were written to, and nothing else
        }

        foreach (var entry in _entries)
        {
            if (changes.HasFolderChanges
                || changes.Arrived.Any(path => entry.Plan.Files.IsMatch(path)
                    && At(path).TrueForAll(source => source.LinkTarget is not null)))
            {
                _due.Add(entry);
                _notBefore.TryAdd(entry, 0);
            }
        }
    }

    /// <summary>Lets every entry look for files.</summary>
    /// <returns>The sources that are new.</returns>
    public List<Source> Discover()
    {
        var begun = Discover(_entries);
        _paths.LookAgain(_all);
        return begun;
    }

    /// <summary>Lets those look whose time has come.</summary>
    public List<Source> DiscoverDue() =>
        _due.Count == 0 ? [] : Discover([.. _due.Where(entry => _notBefore[entry] <= time.GetTimestamp())]);

    /// <summary>Lets those look that nobody tells of changes.</summary>
    public List<Source> DiscoverPolled() =>
        Discover([.. _entries.Where(entry => entry.Folders.Overlaps(watches.Polled))]);

    /// <summary>Looks at the folders, and lets those entries look for files in whose folders something happened.
    /// </summary>
    public List<Source> Rescan()
    {
        foreach (var source in _entries.SelectMany(entry => entry.Forget()))
        {
            Forget(source);
        }

        _paths.LookAgain(_all);
        var changed = watches.TakeChanged();
        return Discover([.. _entries.Where(entry => entry.Folders.Overlaps(changed) || entry.Faults.Count > 0)]);
    }

    /// <summary>Lets some look for files.</summary>
    /// <returns>The sources that are new.</returns>
    public List<Source> Discover(IReadOnlyList<Entry> some)
    {
        var begun = new List<Source>();
        foreach (var entry in some)
        {
            begun.AddRange(Walk(entry));
        }

        // What came after the walk and before the watch was told to nobody.
        if (some.Count > 0 && Watch())
        {
            begun.AddRange(some.SelectMany(Walk));
            Watch();
        }

        foreach (var source in begun)
        {
            _all.Add(source);
            _paths.Add(source);
        }

        return begun;
    }

    List<Source> Walk(Entry entry)
    {
        _due.Remove(entry);
        var began = time.GetTimestamp();
        var begun = entry.Discover();
        var took = time.GetElapsedTime(began);
        var pause = took * WalkShare > ShortestPause ? took * WalkShare : ShortestPause;
        _notBefore[entry] = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        return begun;
    }

    bool Watch()
    {
        var targets = _all.Select(source => source.LinkTarget).OfType<string>();
        return watches.Set(_entries.SelectMany(entry => entry.Folders)
            .Concat(targets.Select(target => Path.GetDirectoryName(target)!))
            .ToHashSet());
    }

    void Forget(Source source)
    {
        _all.Remove(source);
        _paths.Remove(source);
    }

    bool IsPolled(string path) => watches.Polled.Contains(Path.GetDirectoryName(path)!);
}
