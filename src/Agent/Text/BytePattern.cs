using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Agent.Text;

/// <summary>A regular expression over UTF-8. .NET matches UTF-16 only, and most lines do not match: so a literal that
/// every match holds is searched in the bytes first, and only a line that has it is transcoded. The matcher, which
/// takes milliseconds and megabytes, is built when the first such line comes.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
/// <param name="pattern">Good for NonBacktracking and CultureInvariant; it is built late, and a bad one throws
/// then.</param>
/// <param name="literal">In whatever matches, case and all; null if there is no such text.</param>
/// <param name="isLiteral">Any text with the literal in it matches.</param>
sealed class BytePattern(string pattern, string? literal, bool isLiteral)
{
    readonly byte[] _literal = Encoding.UTF8.GetBytes(literal ?? "");
    readonly bool _isLiteral = isLiteral && literal is not null;
    Regex? _matcher;

    /// <summary>Looks anywhere in the text, in time that is linear in its length. Bytes that are no UTF-8 count as
    /// U+FFFD.</summary>
    public bool IsMatch(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf(_literal) < 0)
        {
            return false;
        }

        return _isLiteral || IsMatchTranscoded(utf8);
    }

    // The buffer is the pool's, which keeps a few for each thread: one for each pattern would let whoever writes long
    // lines take two bytes of memory for each of theirs, times the patterns.
    bool IsMatchTranscoded(ReadOnlySpan<byte> utf8)
    {
        _matcher ??= new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        var buffer = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            return _matcher.IsMatch(buffer.AsSpan(0, Encoding.UTF8.GetChars(utf8, buffer)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
