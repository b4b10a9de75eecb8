namespace Agent.Commands;

/// <summary>What became of numbered lines at the other end.</summary>
/// <param name="Missing">Numbers that never arrived.</param>
/// <param name="Repeats">How many events arrived beyond the first of each number.</param>
/// <param name="Strange">Events that are no line of the log.</param>
/// <param name="OutOfOrder">How many lines stand behind one that was written after them. The last arrival of each line
/// counts: after a kill a batch may be sent again though a later one was taken before, and then its first arrival is
/// late.</param>
sealed record LedgerBalance(IReadOnlyList<int> Missing, int Repeats, int Strange, int OutOfOrder)
{
    public bool IsInOrder => OutOfOrder == 0;

    /// <param name="arrivals">The number of each event, in the order of the service; any other number is
    /// strange.</param>
    /// <param name="written">Numbers from 0 up to this one were written.</param>
    public static LedgerBalance Of(IReadOnlyList<int> arrivals, int written)
    {
        var seen = new bool[written];
        var (repeats, strange, outOfOrder, next) = (0, 0, 0, written);
        for (var i = arrivals.Count - 1; i >= 0; i--)
        {
            var number = arrivals[i];
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
                outOfOrder += number < next ? 0 : 1;
                next = Math.Min(next, number);
                seen[number] = true;
            }
        }

        return new(
            Enumerable.Range(0, written).Where(number => !seen[number]).ToList(), repeats, strange, outOfOrder);
    }
}
