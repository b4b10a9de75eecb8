using CloudWatch.Matching;

namespace Agent.Detect;

/// <summary>Leaves out of lines what nobody is to be told.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class Redaction(IReadOnlyList<BytePattern> patterns)
{
    readonly SpanSearch[] _searches = [.. patterns.Select(pattern => new SpanSearch(pattern))];

    static ReadOnlySpan<byte> Mark => "[redacted]"u8;

    /// <summary>How much more of a line than is told must be looked at: what begins before the cut may be known for
    /// what it is only behind it.</summary>
    public int LookAheadBytes => _searches.Length == 0 ? 0 : 1024;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line)
    {
        foreach (var search in _searches)
        {
            line = Of(line, search);
        }

        return line;
    }

    static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line, SpanSearch search)
    {
        List<byte>? left = null;
        var from = 0;
        while (search.TryFind(line, from, out var start, out var end))
        {
            left ??= [];
            left.AddRange(line[from..start]);
            left.AddRange(Mark);
            from = end;
        }

        if (left is null)
        {
            return line;
        }

        left.AddRange(line[from..]);
        return left.ToArray();
    }
}
