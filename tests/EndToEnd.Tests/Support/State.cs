using System.Globalization;
using System.Text;
using Agent.Checkpoint;
using Agent.Events;

namespace EndToEnd.Tests.Support;

/// <summary>Looks into the state folder of an agent that has stopped or still runs.</summary>
static class State
{
    /// <summary>Where each gap begins and ends, and why.</summary>
    public static List<(long From, long? To, string Reason)> Gaps(TestFolder folder) =>
        GapRecords(folder).ConvertAll(gap => (gap.FromBytes, gap.ToBytes, gap.Reason));

    public static List<Gap> GapRecords(TestFolder folder) => LookInto(folder, store => store.Gaps.Read());

    /// <summary>Whether anything is recorded, also while there is no state yet.</summary>
    public static bool HasGaps(TestFolder folder)
    {
        try
        {
            return PositionStore.LookInto(folder["state"], store => store.Gaps.Read()) is { Count: > 0 };
        }
        catch (StateException)
        {
            return false; // it is being made
        }
    }

    /// <summary>Whether it is known how far anything was read, also while there is no state yet.</summary>
    /// <param name="folder">The agent's state folder, or that of its watching.</param>
    public static bool HasPositions(string folder)
    {
        try
        {
            return PositionStore.LookInto(folder, store => store.ReadPositions()) is { Count: > 0 };
        }
        catch (StateException)
        {
            return false; // it is being made
        }
    }

    public static List<FilePosition> Positions(TestFolder folder) => LookInto(folder, store => store.ReadPositions());

    /// <summary>How many lines a detection has counted, by what is on disk.</summary>
    public static double Observed(TestFolder folder, string detection) => Rows(folder["state"])
        .Where(row => row.Key.StartsWith($"point/{detection}/", StringComparison.Ordinal))
        .Sum(row => double.Parse(Encoding.UTF8.GetString(row.Value!).Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>What the watching keeps; nothing while there is no state yet.</summary>
    /// <param name="folder">The agent's state folder.</param>
    public static IReadOnlyList<StateRow> Rows(string folder)
    {
        try
        {
            return PositionStore.LookInto(Path.Combine(folder, "watch"), store => store.State.Read()) ?? [];
        }
        catch (StateException)
        {
            return []; // it is being made
        }
    }

    static T LookInto<T>(TestFolder folder, Func<PositionStore, T> look)
        where T : class =>
        PositionStore.LookInto(folder["state"], look) ?? throw new InvalidOperationException("there is no state");
}
