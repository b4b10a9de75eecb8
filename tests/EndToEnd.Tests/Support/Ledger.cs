namespace EndToEnd.Tests.Support;

/// <summary>What became of numbered lines at the other end.</summary>
/// <param name="Missing">Numbers that never arrived.</param>
/// <param name="Repeats">How many events arrived beyond the first of each number.</param>
/// <param name="Strange">Events that are no line of the log.</param>
/// <param name="IsInOrder">Whether the last arrivals of all lines stand in the order they were written. (After a kill a
/// batch may be sent again though a later one was taken before: then its first arrival is late.)</param>
sealed record Ledger(IReadOnlyList<int> Missing, int Repeats, int Strange, bool IsInOrder)
{
    /// <summary>Waits until nothing is missing, or the wait is over. The last line may arrive before others do:
    /// several batches are on their way at once.</summary>
    public static async Task<Ledger> CompleteAsync(Cloud cloud, int written)
    {
        var ledger = Of([], written);
        await Wait.UntilAsync(
            async () =>
            {
                ledger = Of(await cloud.MessagesAsync(Configuration.Group, Configuration.Stream), written);
                return ledger.Missing.Count == 0;
            },
            () => $"{ledger.Missing.Count} of {written} lines never arrived, the first is {ledger.Missing[0]}");
        return ledger;
    }

    public static Ledger Of(IEnumerable<string> messages, int written)
    {
        var seen = new bool[written];
        var (repeats, strange, isInOrder, next) = (0, 0, true, written);
        foreach (var message in messages.Reverse())
        {
            var number = SecureLog.NumberOf(message);
            if (number < 0 || number >= written)
            {
                strange++;
            }
            else if (seen[number])
            {
                repeats++;
            }
            else
            {
                isInOrder &= number < next;
                next = number;
                seen[number] = true;
            }
        }

        return new(
            Enumerable.Range(0, written).Where(number => !seen[number]).ToList(), repeats, strange, isInOrder);
    }
}
