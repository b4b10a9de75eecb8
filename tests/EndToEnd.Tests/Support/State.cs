using Agent.Checkpoint;
using Agent.Events;

namespace EndToEnd.Tests.Support;

/// <summary>Looks into the state folder of an agent that has stopped or still runs.</summary>
static class State
{
    /// <summary>Where each gap begins and ends, and why.</summary>
    public static List<(long From, long? To, string Reason)> Gaps(TestFolder folder) =>
        GapRecords(folder).ConvertAll(gap => (gap.FromBytes, gap.ToBytes, gap.Reason));

    public static List<Gap> GapRecords(TestFolder folder)
    {
        using var store = Open(folder);
        return store.ReadGaps();
    }

    public static List<FilePosition> Positions(TestFolder folder)
    {
        using var store = Open(folder);
        return store.ReadPositions();
    }

    static PositionStore Open(TestFolder folder) =>
        PositionStore.OpenToRead(folder["state"]) ?? throw new InvalidOperationException("there is no state");
}
