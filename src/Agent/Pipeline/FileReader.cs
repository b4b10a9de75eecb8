using System.Collections.Concurrent;
using Agent.Discovery;
using Agent.Events;

namespace Agent.Pipeline;

/// <summary>Reads files. Local files share one such reader; each remote file system has one of its own, so that a
/// server that hangs stops nobody else.</summary>
sealed class FileReader : Reader
{
    readonly ReaderRoom _room;
    readonly ChangeWatch _watch;
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

    /// <param name="name">A mount point, or / for all local file systems.</param>
    public FileReader(string name, ReaderRoom room, ChangeWatch watch)
        : base(name, watch.Wake)
    {
        _watch = watch;
        _room = room with { Lanes = room.Lanes with { Wake = watch.Wake } };
        _retirement = new(room.Held, room.Lanes.Time);
    }

    public override bool IsDrained => Sources.All(source => source.IsDrained);

    public override bool IsDenied => Sources.Any(source => source.IsDenied);

    public override long BytesAtRisk => Sources.Sum(source => source.BytesAtRisk);

    public override bool IsRetiring(EntryPlan entry) =>
        entry.Journal is null
        && (_pending.Any(one => Meet(one.Key.Files.StaticFolder, entry.Files.StaticFolder))
            || _retirement.Paths.Any(entry.Files.IsMatch));

    public override bool IsChanging =>
        !_pending.IsEmpty || _retirement.Paths.Count > 0 || Volatile.Read(ref _beginning) > 0;

    public override bool IsSending => Sources.Any(source => source.IsSending);

    public override void GiveUp() => Sources.ToList().ForEach(source => source.GiveUp());

    IEnumerable<Entry> All => _entries.Concat(_retirement.Entries);

    IEnumerable<Source> Sources => All.SelectMany(entry => entry.Sources);

    public override void Begin(IReadOnlyList<(EntryPlan Plan, IReadOnlyList<FilePosition> Rows)> begun)
    {
        _given.UnionWith(begun.Select(one => one.Plan));
        Interlocked.Increment(ref _beginning);
        Orders.Add(() =>
        {
            var entries = begun.Select(one => new Entry(one.Plan, _sources!, _forgetting!.OfUse(one.Rows))).ToList();
            _entries.AddRange(entries);
            _loop!.Add(entries);
            Interlocked.Decrement(ref _beginning);
            _room.Freed(); // what was held for them is taken
        });
    }

    public override void Retire(IReadOnlyCollection<EntryPlan> retired)
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

        Orders.Add(() =>
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

    protected override Snapshot SnapshotNow() => Snapshot.Of([.. All], _room.Lanes.ServiceTime);

    protected override void Run(CancellationToken stopping)
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

    public override void LeaveToNext()
    {
        foreach (var entry in All)
        {
            entry.LeaveTo(_room.Held);
        }
    }

    public override void Dispose()
    {
        foreach (var source in Sources)
        {
            source.Dispose();
        }

        _watch.Dispose();
    }

    TimeSpan? AttendToOthers()
    {
        Orders.CarryOut();
        if (_retirement.EndDrained())
        {
            _room.Freed();
        }

        Inbox.Answer();
        _room.Slimming.SlimIfDue();
        return _retirement.Due;
    }

    void TidyUp() => _forgetting!.ForgetIfDue([.. _entries.Select(entry => entry.Plan)]);
}
