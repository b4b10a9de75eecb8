namespace CloudWatch.Matching;

/// <summary>A set of code points as ranges in order, none touching the next. Whatever class an expression writes comes
/// down to one of these.</summary>
public sealed class RuneSet
{
    public const int LastRune = 0x10FFFF;

    readonly (int First, int Last)[] _ranges;

    RuneSet((int First, int Last)[] ranges) => _ranges = ranges;

    public static RuneSet Empty { get; } = new([]);

    public static RuneSet All { get; } = new([(0, LastRune)]);

    /// <summary>What [0-9A-Za-z_] has: RE2's idea of a word.</summary>
    public static RuneSet Word { get; } = Of([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);

    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    /// <summary>The code point of a set that has one; null for other sets.</summary>
    public int? Only => _ranges is [var (first, last)] && first == last ? first : null;

    public static RuneSet Of(int rune) => new([(rune, rune)]);

    /// <summary>Ranges in any order, overlapping or not.</summary>
    public static RuneSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var (first, last) in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            else
                merged.Add((first, last));
        }

        return new([.. merged]);
    }

    public RuneSet With(RuneSet other) => Of(_ranges.Concat(other._ranges));

    public RuneSet Negated()
    {
        var gaps = new List<(int First, int Last)>();
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
                gaps.Add((next, first - 1));

            next = last + 1;
        }

        if (next <= LastRune)
            gaps.Add((next, LastRune));

        return new([.. gaps]);
    }

    public bool Has(int rune)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (rune < _ranges[middle].First)
                high = middle - 1;
            else if (rune > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }
}
