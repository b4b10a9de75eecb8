using System.Diagnostics.CodeAnalysis;
using Agent.Discovery;
using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>The one thread that reads. It waits until a watched folder changes, a batch is due, or room becomes free,
/// and then lets every source that may have something read, a block at a time in turn, so that a busy file delays a
/// quiet one by a block and no more.</summary>
/// <remarks>Pace: the first change after a quiet time is served at once. After it changes are left alone for a while,
/// so that a file written line by line costs a read per while, not per line.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The watch is disposed where the loop ends.")]
sealed partial class ReaderLoop(IReadOnlyList<Source> sources, ChangeWatch watch, TimeProvider time, TimeSpan linger,
    ILogger log)
{
    // What inotify cannot tell: a folder that appears, a mount, a permission. Also the net under all the rest.
    static readonly TimeSpan RescanInterval = TimeSpan.FromSeconds(10);

    // With a short linger somebody wants lines soon; otherwise fewer, larger reads are kinder.
    readonly TimeSpan _holdOff = TimeSpan.FromMilliseconds(linger < TimeSpan.FromSeconds(1) ? 20 : 100);
    readonly ILogger _log = log;
    readonly byte[] _block = GC.AllocateUninitializedArray<byte>(TailedFile.BlockBytes, pinned: true);
    readonly Changes _changes = new();
    readonly HashSet<Source> _ready = [];
    readonly HashSet<Source> _blocked = [];
    readonly Dictionary<string, List<Source>> _byPath = [];
    readonly Dictionary<string, string> _saidFaults = [];
    long _rescanned;
    long _served;

    /// <summary>Reads until told to stop, then hands over what is read and returns.</summary>
    public void Run(CancellationToken stopping)
    {
        using var waking = stopping.Register(watch.Wake);
        Rescan();
        while (!stopping.IsCancellationRequested)
        {
            var isBusy = PumpReady();
            CloseDue();
            Wait(isBusy ? TimeSpan.Zero : UntilNext());
            if (time.GetElapsedTime(_rescanned) >= RescanInterval)
            {
                Rescan();
            }
        }

        foreach (var source in sources)
        {
            source.Close();
        }
    }

    // True while somebody has more to read and room to put it.
    bool PumpReady()
    {
        var isBusy = false;
        foreach (var source in _ready.ToList())
        {
            switch (source.Pump(_block))
            {
                case LaneProgress.Advanced:
                    isBusy = true;
                    break;
                case LaneProgress.Blocked:
                    _ready.Remove(source);
                    _blocked.Add(source);
                    break;
                default:
                    _ready.Remove(source);
                    break;
            }
        }

        return isBusy;
    }

    void CloseDue()
    {
        foreach (var source in sources)
        {
            source.CloseDue();
        }
    }

    TimeSpan UntilNext()
    {
        var next = RescanInterval - time.GetElapsedTime(_rescanned);
        foreach (var source in sources)
        {
            next = source.Due is { } due && due < next ? due : next;
        }

        return next;
    }

    void Wait(TimeSpan longest)
    {
        var heldOff = _holdOff - time.GetElapsedTime(_served);
        var isMinding = heldOff <= TimeSpan.Zero;
        var isComplete = watch.Wait(isMinding || longest < heldOff ? longest : heldOff, isMinding, _changes);

        // Whatever ended the wait, room may have become free.
        _ready.UnionWith(_blocked);
        _blocked.Clear();
        _ready.UnionWith(sources.Where(source => source.HasPast));
        if (_changes.Paths.Count > 0)
        {
            Serve();
        }

        if (!isComplete)
        {
            Rescan();
        }
    }

    void Serve()
    {
        _served = time.GetTimestamp();
        foreach (var (from, now) in _changes.WhereTheyWent())
        {
            foreach (var source in _byPath.GetValueOrDefault(from) ?? [])
            {
                source.FollowRename(now);
            }
        }

        foreach (var path in _changes.Paths)
        {
            foreach (var source in _byPath.GetValueOrDefault(path) ?? [])
            {
                source.Follow();
                _ready.Add(source);
            }
        }

        _changes.Clear();
    }

    void Rescan()
    {
        _rescanned = time.GetTimestamp();
        _byPath.Clear();
        foreach (var source in sources)
        {
            Watch(source.Path, source);
            if (Siblings.TargetOf(source.Path) is { } target)
            {
                // The changes of a linked file are seen in the folder it lies in, not in the link's.
                Watch(target, source);
            }

            source.Follow();
            _ready.Add(source);
        }
    }

    void Watch(string path, Source source)
    {
        if (!_byPath.TryGetValue(path, out var list))
        {
            _byPath[path] = list = [];
        }

        list.Add(source);
        var folder = Path.GetDirectoryName(path)!;
        if (watch.TryWatch(folder, out var fault))
        {
            _saidFaults.Remove(folder);
        }
        else if (_saidFaults.GetValueOrDefault(folder) != fault.Text)
        {
            _saidFaults[folder] = fault.Text;
            LogNotWatched(folder, fault.Text, RescanInterval.TotalSeconds);
        }
    }

    [LoggerMessage(200, LogLevel.Warning,
        "{Folder} cannot be watched: {Fault}. Its files are looked at every {Seconds} s instead")]
    partial void LogNotWatched(string folder, string fault, double seconds);
}
