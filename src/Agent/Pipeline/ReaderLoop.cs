using Agent.Discovery;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>The one thread that reads. It waits until a watched folder changes, a batch is due, or room becomes free,
/// and then lets every source that may have something read, a block at a time in turn.</summary>
/// <remarks>Pace: the first change after a quiet time is served at once. After it changes are left alone for a while,
/// so that a file written line by line costs a read per while, not per line. What nobody tells of (a mount, a
/// permission, a file that was deleted and is written to) is looked for every second where it is expected, and every
/// ten everywhere.</remarks>
sealed class ReaderLoop
{
    // What inotify cannot tell: a mount, a permission. Also the net under all the rest.
    static readonly TimeSpan RescanInterval = TimeSpan.FromSeconds(10);
    static readonly TimeSpan MindInterval = TimeSpan.FromSeconds(1);

    // Files are waiting to be opened.
    static readonly TimeSpan ReliefInterval = TimeSpan.FromMilliseconds(50);

    // A quiet file is looked at once in so long, though nothing was told of it.
    static readonly TimeSpan QuietInterval = TimeSpan.FromMinutes(5);

    // How long the ready are served before changes are taken in again.
    static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    readonly SourceBook _sources;
    readonly ChangeWatch _watch;
    readonly TimeProvider _time;
    readonly TimeSpan _holdOff;
    readonly HandleRelief _relief;
    readonly Calls _calls;
    readonly Action _afterReading;
    readonly Func<TimeSpan?> _attendToOthers;
    readonly Action _tidyUp;
    readonly byte[] _block = GC.AllocateUninitializedArray<byte>(TailedContent.BlockBytes, pinned: true);
    readonly Changes _changes = new();
    readonly ReadyQueue _ready = new();
    readonly HashSet<Source> _blocked = [];
    readonly RoomPace _room;
    readonly Restless _restless;
    readonly Queue<Source> _quiet = new();
    TimeSpan? _attention;
    long _rescanned;
    long _minded;
    long _served;

    /// <param name="afterReading">Called whenever it has read for some milliseconds, or all there is.</param>
    /// <param name="attendToOthers">Called between two reads: other threads may want something. Says how long until
    /// it is to be called again; null where it can wait.</param>
    /// <param name="tidyUp">Called every ten seconds.</param>
    /// <param name="linger">With a short one somebody wants lines soon; otherwise fewer, larger reads are
    /// kinder.</param>
    public ReaderLoop(
        SourceBook sources, ChangeWatch watch, HandleRelief relief, Calls calls, Action afterReading,
        Func<TimeSpan?> attendToOthers, Action tidyUp, TimeProvider time, TimeSpan linger)
    {
        _sources = sources;
        _watch = watch;
        _time = time;
        _room = new(time);
        _restless = new(time);
        _holdOff = HoldOffOf(linger);
        _relief = relief;
        _calls = calls;
        _afterReading = afterReading;
        _attendToOthers = attendToOthers;
        _tidyUp = tidyUp;
    }

    /// <summary>How long changes are left alone after some were served: a small part of what a line waits for its batch
    /// anyhow.</summary>
    public static TimeSpan HoldOffOf(TimeSpan linger) =>
        TimeSpan.FromMilliseconds(linger < TimeSpan.FromSeconds(1) ? 20 : Math.Min(linger.TotalMilliseconds / 10, 200));

    /// <summary>Reads until told to stop, then hands over what is read and returns.</summary>
    public void Run(CancellationToken stopping)
    {
        using var waking = stopping.Register(_watch.Wake);
        _rescanned = _minded = _time.GetTimestamp();
        _attention = _attendToOthers();
        while (!stopping.IsCancellationRequested)
        {
            var isBusy = PumpReady();
            _afterReading();
            _restless.CloseDue().ForEach(_ready.Add);
            _relief.Relieve(_sources.All, Attend);
            Wait(isBusy ? TimeSpan.Zero : UntilNext());
            Welcome(_sources.DiscoverDue());
            Look();
            _attention = _attendToOthers();
        }

        foreach (var source in _sources.All)
        {
            source.Close();
        }
    }

    /// <summary>Takes in entries that are new. On the reader's thread, as is <see cref="Remove"/>.</summary>
    public void Add(IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
        {
            _sources.Add(entry);
        }

        // What was begun before comes before what is new.
        entries.SelectMany(entry => entry.Sources).ToList().ForEach(Follow);
        Welcome(_sources.Discover(entries));
    }

    /// <summary>Reads nothing for an entry any more.</summary>
    public void Remove(Entry entry)
    {
        _sources.Remove(entry);
        foreach (var source in entry.Sources)
        {
            _blocked.Remove(source);
            _restless.Note(source, isRestless: false);
            _relief.Forget(source);
        }
    }

    // True while somebody has more to read and room to put it.
    bool PumpReady()
    {
        var began = _time.GetTimestamp();
        while (_time.GetElapsedTime(began) < Slice && _ready.TryTake(out var source))
        {
            switch (_sources.Has(source) ? source.Pump(_block) : LaneProgress.Idle)
            {
                case LaneProgress.Advanced:
                    _ready.AddAgain(source);
                    break;
                case LaneProgress.Blocked:
                    _blocked.Add(source);
                    break;
            }

            Note(source);
        }

        return !_ready.IsEmpty;
    }

    TimeSpan UntilNext()
    {
        var next = Least(RescanInterval - _time.GetElapsedTime(_rescanned), _sources.NextDiscovery);
        next = Least(next, _attention);
        next = Least(next, _relief.IsNeeded ? ReliefInterval : null);
        next = Least(next, _room.Due(_blocked.Count));
        next = Least(next, _blocked.Count > 0 ? MindInterval : null); // nobody tells when patience is over
        next = Least(next, _restless.Due);
        return _restless.IsMinding || _sources.HasPolled
            ? Least(next, MindInterval - _time.GetElapsedTime(_minded))
            : next;
    }

    void Wait(TimeSpan longest)
    {
        var heldOff = _holdOff - _time.GetElapsedTime(_served);
        var isMinding = heldOff <= TimeSpan.Zero;
        var isComplete = _watch.Wait(isMinding || longest < heldOff ? longest : heldOff, isMinding, _changes);

        while (_calls.Take() is { } called)
        {
            if (_sources.Has(called))
            {
                Attend(called);
            }
        }

        // Whatever ended the wait, room may have become free.
        _room.NoteRoom();
        if (_room.TryBegin(_blocked.Count))
        {
            foreach (var source in _blocked)
            {
                _ready.Add(source);
            }

            _blocked.Clear();
        }

        if (_changes.Paths.Count > 0 || _changes.HasFolderChanges)
        {
            Serve();
        }

        if (!isComplete)
        {
            // The kernel lost changes: any file may have changed.
            _sources.All.ToList().ForEach(Follow);
            Welcome(_sources.Discover());
        }
    }

    void Serve()
    {
        _served = _time.GetTimestamp();
        foreach (var (from, now) in _changes.WhereTheyWent())
        {
            foreach (var source in _sources.At(from))
            {
                source.FollowRename(now);
                _sources.NoteName(now, source);
            }
        }

        foreach (var path in _changes.Paths)
        {
            foreach (var source in _sources.At(path))
            {
                Follow(source);
            }
        }

        _sources.NoteArrivals(_changes);
        _changes.Clear();
    }

    void Look()
    {
        if (_time.GetElapsedTime(_rescanned) >= RescanInterval)
        {
            _rescanned = _minded = _time.GetTimestamp();
            Welcome(_sources.Rescan());
            _restless.RemoveWhere(source => !_sources.Has(source));
            _restless.ToList().ForEach(Follow);
            LookAtQuiet();
            _tidyUp();
        }
        else if (_time.GetElapsedTime(_minded) >= MindInterval)
        {
            _minded = _time.GetTimestamp();
            _restless.Where(source => source.IsMinded).ToList().ForEach(Follow);
            _sources.Polled.ToList().ForEach(Follow);
            Welcome(_sources.DiscoverPolled());
        }
    }

    // All of them in turn, so that each is looked at once in the interval.
    void LookAtQuiet()
    {
        if (_quiet.Count == 0)
        {
            foreach (var source in _sources.All)
            {
                _quiet.Enqueue(source);
            }
        }

        var slice = 1 + (int)(_sources.All.Count * RescanInterval / QuietInterval);
        for (; slice > 0 && _quiet.TryDequeue(out var source); slice--)
        {
            if (_sources.Has(source))
            {
                Follow(source);
                _relief.ReleaseIfIdle(source);
            }
        }
    }

    void Welcome(List<Source> begun) => begun.ForEach(Follow);

    void Follow(Source source)
    {
        source.Follow();
        Attend(source);
    }

    void Attend(Source source)
    {
        _ready.Add(source);
        Note(source);
    }

    void Note(Source source)
    {
        if (_sources.Has(source))
        {
            _relief.Note(source);
            _restless.Note(source, source.IsRestless);
        }
        else
        {
            _restless.Note(source, isRestless: false);
        }
    }

    static TimeSpan Least(TimeSpan one, TimeSpan? other) => other < one ? other.Value : one;
}
