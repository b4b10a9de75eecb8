using System.Text;

namespace CloudWatch.Patterns;

/// <summary>A text with asterisks, each for any characters or none, held against whole values.</summary>
sealed class Wildcard
{
    readonly byte[] _first;
    readonly byte[][] _inner;
    readonly byte[] _last;

    public Wildcard(string text)
    {
        var pieces = text.Split('*').Select(Encoding.UTF8.GetBytes).ToArray();
        (_first, _last) = (pieces[0], pieces[^1]);
        _inner = [.. pieces[1..^1].Where(piece => piece.Length > 0)];
    }

    public bool Matches(ReadOnlySpan<byte> text)
    {
        if (text.Length < _first.Length + _last.Length || !text.StartsWith(_first) || !text.EndsWith(_last))
            return false;

        // The earliest place for each piece leaves the most room for those behind it.
        var rest = text[_first.Length..^_last.Length];
        foreach (var piece in _inner)
        {
            var at = rest.IndexOf(piece);
            if (at < 0)
                return false;

            rest = rest[(at + piece.Length)..];
        }

        return true;
    }

    /// <summary>The longest text that stands in whatever matches.</summary>
    public static string Literal(string text) => text.Split('*').MaxBy(piece => piece.Length)!;
}
