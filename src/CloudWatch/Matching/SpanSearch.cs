using System.Text;

namespace CloudWatch.Matching;

/// <summary>Finds where a pattern matches: the earliest place, and from there the longest text. It takes time that
/// grows with the square of a text's length at worst, and is bounded: for single lines, not for streams of them.
/// </summary>
/// <remarks>An instance belongs to one thread.</remarks>
public sealed class SpanSearch(BytePattern pattern)
{
    readonly byte[] _literal = Encoding.UTF8.GetBytes(pattern.Literal ?? "");
    OpSet _here = new(pattern.Ops);
    OpSet _next = new(pattern.Ops);

    /// <summary>Looks for the next match that is not empty.</summary>
    /// <param name="text">UTF-8, of which all counts for what stands beside a match.</param>
    /// <param name="isCut">Whether the text goes on, unseen: what may match then counts as if it did, to the end.
    /// </param>
    /// <param name="steps">How many are left; beyond them all the rest counts as a match.</param>
    public bool TryFind(ReadOnlySpan<byte> text, int from, bool isCut, ref int steps, out int start, out int end)
    {
        (start, end) = (from, from);
        if (pattern.IsLiteral)
            return TryFindLiteral(text, from, isCut, out start, out end);

        // A literal may also stand where nobody looks.
        if (!isCut && text[from..].IndexOf(_literal) < 0)
            return false;

        for (; start < text.Length; start++)
        {
            end = LongestFrom(text, start, isCut, ref steps);
            if (end > start)
                return true;
        }

        return false;
    }

    bool TryFindLiteral(ReadOnlySpan<byte> text, int from, bool isCut, out int start, out int end)
    {
        start = from + text[from..].IndexOf(_literal);
        end = start + _literal.Length;
        if (start >= from && _literal.Length > 0)
            return true;

        for (start = Math.Max(from, text.Length - _literal.Length + 1); isCut && start < text.Length; start++)
        {
            if (_literal.AsSpan().StartsWith(text[start..]))
            {
                end = text.Length;
                return true;
            }
        }

        return false;
    }

    // The end of the longest text from a place on that matches; the place itself where none does.
    int LongestFrom(ReadOnlySpan<byte> text, int start, bool isCut, ref int steps)
    {
        var longest = start;
        _here.Clear();
        _here.Add(pattern.Start, SideBefore(text, start), SideBehind(text, start));
        for (var at = start; _here.Numbers.Count > 0; at++)
        {
            steps -= _here.Numbers.Count;
            if (steps < 0 || (isCut && at == text.Length))
                return text.Length;

            if (at == text.Length)
                break;

            _next.Clear();
            foreach (var number in _here.Numbers)
            {
                var op = pattern.Ops[number];
                if (op.Takes(text[at]))
                    _next.Add(op.Next, Sides.Of(text[at]), SideBehind(text, at + 1));
            }

            (_here, _next) = (_next, _here);
            longest = _here.HasMatch ? at + 1 : longest;
        }

        return longest;
    }

    static Side SideBefore(ReadOnlySpan<byte> text, int at) => at == 0 ? Side.Nothing : Sides.Of(text[at - 1]);

    static Side SideBehind(ReadOnlySpan<byte> text, int at) =>
        at == text.Length ? Side.Nothing : Sides.Of(text[at]);
}
