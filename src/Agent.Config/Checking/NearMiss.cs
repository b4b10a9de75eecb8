namespace Agent.Config.Checking;

/// <summary>Finds the key that a misspelt one was meant to be.</summary>
static class NearMiss
{
    /// <summary>Letters that may differ: one in four, so that "agent" is no slip for "alert".</summary>
    const int LettersPerSlip = 4;

    const int MostSlips = 3;

    public static string? Of(string written, IEnumerable<string> known) =>
        known.Select(name => (Name: name, Slips: Distance(written, name)))
            .Where(candidate => candidate.Slips <= Math.Clamp(candidate.Name.Length / LettersPerSlip, 1, MostSlips))
            .OrderBy(candidate => candidate.Slips)
            .FirstOrDefault().Name;

    // Levenshtein with adjacent letters swapped counting as one slip; one row per letter, the last two kept.
    static int Distance(string written, string known)
    {
        if (Math.Abs(written.Length - known.Length) > MostSlips)
            return int.MaxValue;

        var (twoAbove, above, row) = (new int[known.Length + 1], new int[known.Length + 1], new int[known.Length + 1]);
        for (var column = 0; column <= known.Length; column++)
            row[column] = column;

        for (var line = 1; line <= written.Length; line++)
        {
            (twoAbove, above, row) = (above, row, twoAbove);
            row[0] = line;
            for (var column = 1; column <= known.Length; column++)
            {
                var differs = IsSame(written[line - 1], known[column - 1]) ? 0 : 1;
                row[column] = Math.Min(above[column - 1] + differs, Math.Min(above[column], row[column - 1]) + 1);
                var isSwapped = line > 1 && column > 1
                    && IsSame(written[line - 1], known[column - 2]) && IsSame(written[line - 2], known[column - 1]);
                if (isSwapped)
                    row[column] = Math.Min(row[column], twoAbove[column - 2] + 1);
            }
        }

        return row[known.Length];
    }

    static bool IsSame(char written, char known) => char.ToLowerInvariant(written) == known;
}
