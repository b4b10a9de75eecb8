using Agent.Discovery;
using Agent.Events;
using Agent.Tail;
using Agent.Upload;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What the sources of one reader thread share.</summary>
/// <param name="NextId">Gives out keys for new rows.</param>
/// <param name="NewSender">Makes the sender of a file's batches to its log stream.</param>
/// <param name="Spool">Keeps deleted files.</param>
/// <param name="Held">Files that were open when the configuration changed.</param>
/// <param name="Stopping">Ends searches.</param>
sealed record SourceRoom(
    LaneRoom Lanes,
    Claims Claims,
    HandleBudget Handles,
    Neighbourhood Neighbours,
    Func<long> NextId,
    Func<SourcePlan, Action<EventBatch, IReadOnlyList<DeadEvents>>, StreamSender> NewSender,
    Spool Spool,
    HeldFiles Held,
    string BootId,
    ILogger Log,
    CancellationToken Stopping)
{
    public FileNews News { get; } = new(Lanes.Time, Log);

    /// <summary>Who is to be read though nothing happened to its files.</summary>
    public Calls Calls { get; } = new(Lanes.Wake);
}
