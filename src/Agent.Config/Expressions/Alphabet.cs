namespace Agent.Config.Expressions;

/// <summary>Counts the kinds of characters that a pattern tells apart. NonBacktracking keeps a table of them, which
/// takes the square of their number to build, and .NET 10 has a fault where there are more than 255: such a pattern
/// misses a line feed that ends the text.</summary>
sealed class Alphabet
{
    /// <summary>With room for those that .NET adds, and for the two kinds that a \b makes of any.</summary>
    public const int MostKinds = 120;

    readonly List<(int Unit, ulong Class)> _borders = [];
    ulong _classes;

    /// <param name="ranges">One class of UTF-16 units, its ranges apart from each other.</param>
    public void Add(IEnumerable<(int First, int Last)> ranges)
    {
        var mark = Mixed(++_classes);
        foreach (var (first, last) in ranges)
        {
            _borders.Add((first, mark));
            _borders.Add((last + 1, mark));
        }
    }

    /// <summary>Units are of one kind if they are in the same classes: then the marks of those classes, put together,
    /// are the same.</summary>
    public int CountKinds()
    {
        var kinds = new HashSet<ulong>();
        var (marks, unit) = (0UL, 0);
        foreach (var border in _borders.OrderBy(border => border.Unit))
        {
            if (border.Unit > unit)
                kinds.Add(marks);

            unit = border.Unit;
            marks ^= border.Class;
        }

        return kinds.Count;
    }

    // Far apart numbers for 1, 2, 3, so that no sum of some equals the sum of others.
    static ulong Mixed(ulong number)
    {
        number *= 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
