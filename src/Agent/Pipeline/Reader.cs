using Agent.Checkpoint;
using Agent.Discovery;
using Agent.Events;
using Agent.Tail;
using Agent.Upload;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What all readers share.</summary>
/// <param name="Known">The positions of the last run.</param>
sealed record ReaderRoom(
    LaneRoom Lanes,
    HandleBudget Handles,
    Slimming Slimming,
    KnownPositions Known,
    Func<long> NextId,
    Func<SourcePlan, Action<EventBatch, IReadOnlyList<DeadEvents>>, StreamSender> NewSender,
    Spool Spool,
    PositionStore Store,
    string BootId,
    ILogger Log);

/// <summary>A thread that reads, with the entries that are its own. Local files share one; each remote file system has
/// one of its own, so that a server that hangs stops nobody else.</summary>
sealed class Reader : IDisposable
{
    readonly ReaderRoom _room;
    readonly List<(EntryPlan Plan, IReadOnlyList<FilePosition> Rows)> _plans;
    readonly ChangeWatch _watch;
    readonly Inbox<Snapshot> _inbox;
    List<Entry> _entries = [];

    public Reader(string name, IReadOnlyList<EntryPlan> plans, ReaderRoom room, ChangeWatch watch)
    {
        Name = name;
        _plans = [.. plans.Select(plan => (plan, room.Known.Of(plan)))];
        _watch = watch;
        _inbox = new(() => Snapshot.Of(_entries), watch.Wake);
        _room = room with { Lanes = room.Lanes with { Wake = watch.Wake } };
    }

    /// <summary>The file system it reads: a mount point, or / for all local ones.</summary>
    public string Name { get; }

    /// <summary>Whether all that was read is resolved. To be asked once it has ended.</summary>
    public bool IsDrained => _entries.TrueForAll(entry => entry.Sources.All(source => source.IsDrained));

    /// <summary>Whether lines were read that the service denies, and are to be read again. To be asked once it has
    /// ended.</summary>
    public bool IsDenied => _entries.Exists(entry => entry.Sources.Any(source => source.IsDenied));

    /// <summary>What is lost now of files that were deleted. To be asked once it has ended.</summary>
    public long BytesAtRisk => _entries.Sum(entry => entry.Sources.Sum(source => source.BytesAtRisk));

    /// <summary>What it knows, as soon as it comes to it: never if it hangs or has ended.</summary>
    public Task<Snapshot> SnapshotAsync() => _inbox.AskAsync();

    /// <summary>Reads until told to stop. Returns once all that was read is handed over.</summary>
    public void Run(CancellationToken stopping)
    {
        var claims = new Claims(_room.BootId);
        var sources = new SourceRoom(
            _room.Lanes, claims, _room.Handles, new(_room.Lanes.Time), _room.NextId, _room.NewSender, _room.Spool,
            _room.BootId, _room.Log, stopping);
        var forgetting = new Forgetting(_room.Store, claims, sources.Neighbours, _room.Lanes.Time, _room.Log);
        _entries = _plans.ConvertAll(one => new Entry(one.Plan, sources, forgetting.OfUse(one.Rows)));
        var book = new SourceBook(_entries, new(_watch, _room.Log), _room.Lanes.Time);
        var relief = new HandleRelief(_room.Handles, _room.Lanes.Time, _room.Log);
        new ReaderLoop(
            book, _watch, relief, _inbox, sources.Calls, TidyUp, _room.Lanes.Time, _room.Lanes.Linger).Run(stopping);

        void TidyUp()
        {
            _room.Slimming.SlimIfDue();
            forgetting.ForgetIfDue([.. _plans.Select(one => one.Plan)]);
        }
    }

    public void Dispose()
    {
        foreach (var source in _entries.SelectMany(entry => entry.Sources))
        {
            source.Dispose();
        }

        _watch.Dispose();
    }
}
