using System.Text;
using Agent.Events;
using CloudWatch.Matching;

namespace Agent.Detect;

/// <summary>Leaves out of lines what nobody is to be told. Where it is not known for sure, more is left out rather than
/// less: what a line that is longer than is looked at may go on with, and what would take too long to look
/// for.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class Redaction(IReadOnlyList<BytePattern> patterns)
{
    public const string Mark = "[redacted]";

    /// <summary>Of a line, for each pattern: a millisecond or two.</summary>
    const int MostSteps = 200_000;

    // Where a line was cut in a character another stands for its rest.
    const int LongestCharacter = 4;

    readonly SpanSearch[] _searches = [.. patterns.Select(pattern => new SpanSearch(pattern))];

    /// <summary>How much more of a line than is told is looked at: what begins before the cut may be known for what it
    /// is only behind it.</summary>
    public int LookAheadBytes => _searches.Length == 0 ? 0 : 1024;

    /// <summary>What may be told of the beginning of a line.</summary>
    /// <param name="line">As much of it as is looked at.</param>
    /// <param name="isCut">Whether it goes on.</param>
    /// <param name="most">What is told of it at most, in bytes of the line itself.</param>
    public string Of(ReadOnlySpan<byte> line, bool isCut, int most)
    {
        var (text, from) = (new StringBuilder(), 0);
        foreach (var (start, end) in Spans(line, isCut))
        {
            if (end <= from || start >= most)
            {
                continue; // in one before it, or not told anyway
            }

            text.Append(Encoding.UTF8.GetString(line[from..Math.Max(from, start)]));
            text.Append(start >= from ? Mark : "");
            from = end;
        }

        var last = Math.Min(most, line.Length);
        return text.Append(from < last ? Encoding.UTF8.GetString(line[from..last]) : "").ToString();
    }

    /// <summary>What may be told of a line that was kept.</summary>
    public SeenLine Of(SeenLine line)
    {
        var utf8 = Encoding.UTF8.GetBytes(line.Text);
        var isCut = utf8.Length > Sightings.MostLineBytes - LongestCharacter;
        return _searches.Length == 0 ? line : line with { Text = Of(utf8, isCut, utf8.Length) };
    }

    // All of them in the line itself, by their beginnings: what one leaves out is context for another.
    List<(int Start, int End)> Spans(ReadOnlySpan<byte> line, bool isCut)
    {
        var spans = new List<(int Start, int End)>();
        foreach (var search in _searches)
        {
            var steps = MostSteps;
            for (var at = 0; search.TryFind(line, at, isCut, ref steps, out var start, out var end); at = end)
            {
                spans.Add((start, end));
            }
        }

        spans.Sort();
        return spans;
    }
}
