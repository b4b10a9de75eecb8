using System.Text;

namespace CloudWatch.Matching;

/// <summary>Looks for a pattern. A literal that every match holds is searched first, since most lines do not have it;
/// the automaton begins when the first line does.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
public sealed class ByteMatcher(BytePattern pattern)
{
    readonly byte[] _literal = Encoding.UTF8.GetBytes(pattern.Literal ?? "");
    Automaton? _automaton;

    /// <summary>Looks anywhere in a text, in time that is linear in its length. Allocates nothing once the automaton
    /// has seen such texts.</summary>
    /// <param name="text">UTF-8; a byte that is none matches nothing.</param>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf(_literal) < 0)
            return false;

        return pattern.IsLiteral || (_automaton ??= new(pattern.Ops)).IsMatch(text);
    }
}
