using Agent.Discovery;
using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What the sources of one reader thread share.</summary>
/// <param name="NextId">Gives out keys for new rows.</param>
/// <param name="NewEnd">Says where a file's events go.</param>
/// <param name="Spool">Keeps deleted files.</param>
/// <param name="Held">Files that were open when the configuration changed.</param>
/// <param name="Stopping">Ends searches.</param>
sealed record SourceRoom(
    LaneRoom Lanes,
    Claims Claims,
    HandleBudget Handles,
    Neighbourhood Neighbours,
    Func<long> NextId,
    Func<SourcePlan, NewEnd> NewEnd,
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
