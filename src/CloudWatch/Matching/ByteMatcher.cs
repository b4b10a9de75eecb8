using System.Text;

namespace CloudWatch.Matching;

/// <summary>Looks for a pattern. A literal that every match holds is searched first, since most lines do not have it;
/// the automaton begins when the first line does.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
public sealed class ByteMatcher(BytePattern pattern)
{
    const int Sample = 64;
    const int Passed = 2048;

    readonly byte[] _literal = Encoding.UTF8.GetBytes(pattern.Literal ?? "");
    Automaton? _automaton;
    int _searched;
    int _found;
    int _toPass; // texts that are not searched

    /// <summary>Looks anywhere in a text, in time that is linear in its length; a step takes a nanosecond or two, and
    /// as long as the expression is large where a text is unlike all before. Allocates nothing once the automaton
    /// has seen such texts.</summary>
    /// <param name="text">UTF-8; a byte that is none matches nothing.</param>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (pattern.IsLiteral)
            return text.IndexOf(_literal) >= 0;

        // Where most texts have the literal it is searched in vain.
        return (_toPass == 0 ? HasLiteral(text) : _toPass-- > 0) && (_automaton ??= new(pattern.Ops)).IsMatch(text);
    }

    bool HasLiteral(ReadOnlySpan<byte> text)
    {
        var isFound = text.IndexOf(_literal) >= 0;
        _found += isFound ? 1 : 0;
        if (++_searched == Sample)
        {
            _toPass = _found > Sample / 2 ? Passed : 0;
            (_searched, _found) = (0, 0);
        }

        return isFound;
    }
}
