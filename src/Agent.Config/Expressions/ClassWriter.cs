using System.Globalization;
using System.Text;

namespace Agent.Config.Expressions;

/// <summary>Writes sets of code points for .NET, which matches UTF-16 units: a character beyond U+FFFF is two of them,
/// and a class there is one unit. So a set with such characters becomes a choice of pairs.</summary>
sealed class ClassWriter(StringBuilder pattern)
{
    const int FirstBeyond = 0x10000;
    const int FirstSurrogate = 0xD800;
    const int LastSurrogate = 0xDFFF;
    const int FirstLow = 0xDC00;

    /// <summary>Each high half opens this many characters.</summary>
    const int Lows = 0x400;

    /// <summary>More pieces of high halves than this are only in Unicode's categories, and are too many to tell apart:
    /// then a high half is in or out as a whole, as most of its characters are.</summary>
    const int MostPieces = 24;

    public Alphabet Alphabet { get; } = new();

    /// <summary>In a text of whole characters, matches exactly one of the set.</summary>
    public void Write(RuneSet set)
    {
        if (set.Single is { } rune && Rune.IsValid(rune))
        {
            foreach (var unit in new Rune(rune).ToString())
            {
                Alphabet.Add([(unit, unit)]);
                Write(unit, inBrackets: false);
            }

            return;
        }

        List<(int First, int Last)> near =
            [.. Clipped(set, 0, FirstSurrogate - 1), .. Clipped(set, LastSurrogate + 1, FirstBeyond - 1)];
        var far = PiecesOf([.. Clipped(set, FirstBeyond, RuneSet.LastRune)]);
        if (far.Count == 0)
        {
            WriteClass(near);
            return;
        }

        pattern.Append("(?:");
        if (near.Count > 0)
        {
            WriteClass(near);
            pattern.Append('|');
        }

        foreach (var (index, (first, last)) in far.Index())
        {
            pattern.Append(index == 0 ? "" : "|");
            WriteClass([(HighOf(first), HighOf(last))]);
            WriteClass([(LowOf(first), LowOf(last))]);
        }

        pattern.Append(')');
    }

    /// <summary>Writes a set that has all characters beyond U+FFFF, to be repeated without a bound: there the halves of
    /// a pair may count as two.</summary>
    public void WriteByUnits(RuneSet set)
    {
        var units = Clipped(set, 0, FirstBeyond - 1).Append((FirstSurrogate, LastSurrogate));
        WriteClass([.. RuneSet.Of(units).Ranges]);
    }

    public static bool HasAllBeyond(RuneSet set) => set.HasAll((FirstBeyond, RuneSet.LastRune));

    static IEnumerable<(int First, int Last)> Clipped(RuneSet set, int first, int last) =>
        from range in set.Ranges
        where range.Last >= first && range.First <= last
        select (Math.Max(range.First, first), Math.Min(range.Last, last));

    static List<(int First, int Last)> PiecesOf(List<(int First, int Last)> ranges)
    {
        var pieces = ranges.SelectMany(ByHighHalf).ToList();
        return pieces.Count <= MostPieces ? pieces
            : [.. RuneSet.Of(pieces.Where(IsWhole).Concat(MostlyWhole(pieces))).Ranges];
    }

    static IEnumerable<(int First, int Last)> MostlyWhole(List<(int First, int Last)> pieces) =>
        from piece in pieces
        where !IsWhole(piece)
        group piece by HighOf(piece.First) into half
        where half.Sum(piece => piece.Last - piece.First + 1) > Lows / 2
        let first = half.First().First
        select (first - (first % Lows), first | (Lows - 1));

    // A range becomes at most three: the rest of its first high half, whole ones, the beginning of its last.
    static IEnumerable<(int First, int Last)> ByHighHalf((int First, int Last) range)
    {
        var first = range.First;
        while (first <= range.Last)
        {
            var last = first % Lows == 0 && range.Last - first >= Lows - 1
                ? range.Last - ((range.Last + 1) % Lows)
                : Math.Min(range.Last, first | (Lows - 1));
            yield return (first, last);
            first = last + 1;
        }
    }

    static bool IsWhole((int First, int Last) piece) => piece.First % Lows == 0 && piece.Last % Lows == Lows - 1;

    static int HighOf(int rune) => FirstSurrogate + ((rune - FirstBeyond) / Lows);

    static int LowOf(int rune) => FirstLow + (rune % Lows);

    void WriteClass(List<(int First, int Last)> ranges)
    {
        Alphabet.Add(ranges);
        if (ranges.Count == 0)
        {
            // No character at all: nothing matches, for which .NET has no other word.
            pattern.Append("[^\\s\\S]");
            return;
        }

        pattern.Append('[');
        foreach (var (first, last) in ranges)
        {
            Write((char)first, inBrackets: true);
            if (last > first + 1)
                pattern.Append('-');

            if (last > first)
                Write((char)last, inBrackets: true);
        }

        pattern.Append(']');
    }

    void Write(char unit, bool inBrackets)
    {
        const string Special = "\\*+?|{}[]()^$.#-";
        if (unit is < ' ' or > '~')
            pattern.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
        else if (Special.Contains(unit) && (inBrackets || unit != '-'))
            pattern.Append('\\').Append(unit);
        else
            pattern.Append(unit);
    }
}
