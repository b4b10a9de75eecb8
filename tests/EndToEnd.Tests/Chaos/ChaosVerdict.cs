using System.Globalization;
using Agent.Commands;
using Agent.Events;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Chaos;

/// <summary>What became of every line of a run. Each is in the service, or it was destroyed and a gap record says
/// so; nothing in between.</summary>
/// <param name="Balance">What arrived.</param>
/// <param name="Destroyed">Lines that existed nowhere any more; most were read before.</param>
/// <param name="NeverDestroyed">Missing though they lie in a file to this day.</param>
/// <param name="NotRecorded">Missing and destroyed, and no gap record begins before them.</param>
/// <param name="BeyondGaps">Missing, destroyed, and behind the known end of their gap record: nobody can know how long
/// a truncated file was when nobody looked, so a record's end is the least there was.</param>
sealed record ChaosVerdict(
    LedgerBalance Balance, int Destroyed, IReadOnlyList<int> NeverDestroyed, IReadOnlyList<int> NotRecorded,
    int BeyondGaps)
{
    public bool IsGood => NeverDestroyed.Count == 0 && NotRecorded.Count == 0 && Balance.Strange == 0;

    public static ChaosVerdict Of(
        IReadOnlyList<int> arrivals, int written, IReadOnlyList<Destroyed> destroyed, IReadOnlyList<Gap> gaps)
    {
        var balance = LedgerBalance.Of(arrivals, written);
        List<int> neverDestroyed = [];
        List<int> notRecorded = [];
        var beyond = 0;
        foreach (var line in balance.Missing)
        {
            if (destroyed.FirstOrDefault(one => one.FirstLine <= line && line < one.EndLine) is not { } by)
            {
                neverDestroyed.Add(line);
                continue;
            }

            var from = by.FromBytes + ((long)(line - by.FirstLine) * SecureLog.LineBytes);
            var records = gaps.Where(gap => IsOf(gap, by) && gap.FromBytes <= from).ToList();
            if (records.Count == 0)
            {
                notRecorded.Add(line);
            }
            else if (records.TrueForAll(gap => gap.ToBytes < from + SecureLog.LineBytes))
            {
                beyond++;
            }
        }

        return new(balance, destroyed.Sum(one => one.EndLine - one.FirstLine), neverDestroyed, notRecorded, beyond);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"lost={Balance.Missing.Count} destroyed={Destroyed} never_destroyed={NeverDestroyed.Count} "
        + $"not_recorded={NotRecorded.Count} beyond_gaps={BeyondGaps} repeats={Balance.Repeats} "
        + $"strange={Balance.Strange} out_of_order={Balance.OutOfOrder}");

    // A file may be truncated often: a record made before says nothing of what came after.
    static bool IsOf(Gap gap, Destroyed by) => gap.Identity == by.Identity && gap.At >= by.At;
}
