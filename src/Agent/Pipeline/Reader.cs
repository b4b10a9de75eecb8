using System.Collections.Concurrent;
using Agent.Checkpoint;
using Agent.Discovery;
using Agent.Events;
using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What all readers share.</summary>
/// <param name="Held">Files that were open when the configuration changed.</param>
/// <param name="Freed">Told, on a reader's thread, when files of entries that are retired are free for others.</param>
sealed record ReaderRoom(
    LaneRoom Lanes,
    HandleBudget Handles,
    Slimming Slimming,
    Func<long> NextId,
    Func<SourcePlan, NewEnd> NewEnd,
    Spool Spool,
    HeldFiles Held,
    PositionStore Store,
    string BootId,
    Action Freed,
    ILogger Log)
{
    /// <summary>Called, on a reader's thread, whenever it has read for some milliseconds, or all there is.</summary>
    public Action AfterReading { get; init; } = () => { };
}

/// <summary>A thread that reads, with the entries that are its own. Local files share one; each remote file system has
/// one of its own, so that a server that hangs stops nobody else.</summary>
sealed class Reader : IDisposable
{
    readonly ReaderRoom _room;
    readonly ChangeWatch _watch;
    readonly Inbox<Snapshot> _inbox;
    readonly Orders _orders;
    readonly Retirement _retirement;
    readonly HashSet<EntryPlan> _given = new(ReferenceEqualityComparer.Instance);
    readonly List<Entry> _entries = [];
    int _beginning; // orders to begin that are not carried out

    // That are to be retired.
    readonly ConcurrentDictionary<EntryPlan, bool> _pending = new(ReferenceEqualityComparer.Instance);

    // Made by the thread that runs, and its own.
    SourceRoom? _sources;
    Forgetting? _forgetting;
    ReaderLoop? _loop;

    public Reader(string name, ReaderRoom room, ChangeWatch watch)
    {
        Name = name;
        _watch = watch;
        _inbox = new(() => Snapshot.Of([.. All], room.Lanes.ServiceTime), watch.Wake);
        _orders = new(watch.Wake);
        _room = room with { Lanes = room.Lanes with { Wake = watch.Wake } };
        _retirement = new(room.Held, room.Lanes.Time);
    }

    /// <summary>The file system it reads: a mount point, or / for all local ones.</summary>
    public string Name { get; }

    /// <summary>Whether all that was read is resolved. To be asked once it has ended.</summary>
    public bool IsDrained => Sources.All(source => source.IsDrained);

    /// <summary>Whether lines were read that the service denies, and are to be read again. To be asked once it has
    /// ended.</summary>
    public bool IsDenied => Sources.Any(source => source.IsDenied);

    /// <summary>What is lost now of files that were deleted. To be asked once it has ended.</summary>
    public long BytesAtRisk => Sources.Sum(source => source.BytesAtRisk);

    /// <summary>Whether files that an entry names are read for one that is retired, as long as something of them is
    /// on its way. Any thread may ask.</summary>
    public bool IsRetiring(EntryPlan entry) =>
        _pending.Any(one => Meet(one.Key.Files.StaticFolder, entry.Files.StaticFolder))
        || _retirement.Paths.Any(entry.Files.IsMatch);

    /// <summary>Whether entries come or go at this moment.</summary>
    public bool IsChanging =>
        !_pending.IsEmpty || _retirement.Paths.Count > 0 || Volatile.Read(ref _beginning) > 0;

    /// <summary>Whether requests with its lines are on their way. To be asked once it has ended.</summary>
    public bool IsSending => Sources.Any(source => source.IsSending);

    /// <summary>Tries to send nothing again. To be called once it has ended.</summary>
    public void GiveUp() => Sources.ToList().ForEach(source => source.GiveUp());

    IEnumerable<Entry> All => _entries.Concat(_retirement.Entries);

    IEnumerable<Source> Sources => All.SelectMany(entry => entry.Sources);

    /// <summary>Runs on a thread of its own until it is stopped: reading blocks, and a thread pool thread must
    /// not.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.Factory.StartNew(
        () => Run(stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What it knows, as soon as it comes to it: never if it hangs or has ended.</summary>
    public Task<Snapshot> SnapshotAsync() => _inbox.AskAsync();

    /// <summary>Reads for entries from now on, or as soon as it runs. One thread calls this and
    /// <see cref="Retire"/>.</summary>
    /// <param name="begun">With what is known of the files of each, oldest first.</param>
    public void Begin(IReadOnlyList<(EntryPlan Plan, IReadOnlyList<FilePosition> Rows)> begun)
    {
        _given.UnionWith(begun.Select(one => one.Plan));
        Interlocked.Increment(ref _beginning);
        _orders.Add(() =>
        {
            var entries = begun.Select(one => new Entry(one.Plan, _sources!, _forgetting!.OfUse(one.Rows))).ToList();
            _entries.AddRange(entries);
            _loop!.Add(entries);
            Interlocked.Decrement(ref _beginning);
            _room.Freed(); // what was held for them is taken
        });
    }

    /// <summary>Reads nothing for entries any more, as far as they are its own. Their files are free when it is not
    /// <see cref="IsRetiring"/> them any more.</summary>
    public void Retire(IReadOnlyCollection<EntryPlan> retired)
    {
        var own = retired.Where(_given.Remove).ToHashSet(ReferenceEqualityComparer.Instance);
        if (own.Count == 0)
        {
            return;
        }

        foreach (var plan in retired.Where(own.Contains))
        {
            _pending[plan] = true;
        }

        _orders.Add(() =>
        {
            foreach (var entry in _entries.Where(entry => own.Contains(entry.Plan)).ToList())
            {
                _entries.Remove(entry);
                _loop!.Remove(entry);
                _retirement.Begin(entry);
            }

            foreach (var plan in retired)
            {
                _pending.TryRemove(plan, out _);
            }

            _room.Freed();
        });
    }

    /// <summary>Reads until told to stop. Returns once all that was read is handed over.</summary>
    void Run(CancellationToken stopping)
    {
        var time = _room.Lanes.Time;
        var claims = new Claims(_room.BootId);
        _sources = new(
            _room.Lanes, claims, _room.Handles, new(time), _room.NextId, _room.NewEnd, _room.Spool, _room.Held,
            _room.BootId, _room.Log, stopping);
        _forgetting = new(_room.Store, claims, _sources.Neighbours, time, _room.Log);
        _loop = new(
            new(new(_watch, _room.Log), time), _watch, new(_room.Handles, time, _room.Log), _sources.Calls,
            _room.AfterReading, AttendToOthers, TidyUp, time, _room.Lanes.Linger);
        _loop.Run(stopping);
    }

    // A folder is, or lies in, the other.
    static bool Meet(string one, string other) =>
        Ended(one).StartsWith(Ended(other), StringComparison.Ordinal)
        || Ended(other).StartsWith(Ended(one), StringComparison.Ordinal);

    static string Ended(string folder) => folder.EndsWith('/') ? folder : folder + '/';

    /// <summary>Lets go of all files, once it has ended.</summary>
    public void LeaveToNext()
    {
        foreach (var entry in All)
        {
            entry.LeaveTo(_room.Held);
        }
    }

    public void Dispose()
    {
        foreach (var source in Sources)
        {
            source.Dispose();
        }

        _watch.Dispose();
    }

    TimeSpan? AttendToOthers()
    {
        _orders.CarryOut();
        if (_retirement.EndDrained())
        {
            _room.Freed();
        }

        _inbox.Answer();
        return _retirement.Due;
    }

    void TidyUp()
    {
        _room.Slimming.SlimIfDue();
        _forgetting!.ForgetIfDue([.. _entries.Select(entry => entry.Plan)]);
    }
}
