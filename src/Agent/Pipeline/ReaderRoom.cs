using Agent.Checkpoint;
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
