using System.Text;

namespace Agent.Discovery;

enum GlobTokenKind
{
    /// <summary>This character.</summary>
    One,

    /// <summary>?: any character but a slash.</summary>
    Any,

    /// <summary>[a-z]: a character of a set, never a slash.</summary>
    Set,

    /// <summary>*: any number of characters but slashes.</summary>
    Run,

    /// <summary>Two stars inside a part: any number of any characters.</summary>
    Crossing,

    /// <summary>Two stars as a part, with the slash before them: nothing at all, or a slash and what the
    /// <see cref="Crossing"/> after this one takes.</summary>
    Folders
}

/// <summary>One step of a pattern over the characters of a path.</summary>
/// <param name="Ranges">Of a set.</param>
/// <param name="IsNegated">Of a set.</param>
readonly record struct GlobToken(
    GlobTokenKind Kind, Rune Character = default, (Rune First, Rune Last)[]? Ranges = null, bool IsNegated = false)
{
    const char Slash = '/';

    /// <summary>Whether the tokens take the whole text. All ways through the tokens are gone at once, so the work is
    /// at most their number times the text's length, whatever a file is called.</summary>
    public static bool IsMatch(ReadOnlySpan<GlobToken> tokens, ReadOnlySpan<char> text)
    {
        // Where one may stand: before each token, and behind the last. Glob bounds their number.
        Span<bool> here = stackalloc bool[tokens.Length + 1];
        Span<bool> next = stackalloc bool[tokens.Length + 1];
        here[0] = true;
        Skip(tokens, here);
        foreach (var character in text.EnumerateRunes())
        {
            next.Clear();
            if (!Step(tokens, character, here, next))
            {
                return false;
            }

            Skip(tokens, next);
            var taken = here;
            here = next;
            next = taken;
        }

        return here[^1];
    }

    static bool Step(ReadOnlySpan<GlobToken> tokens, Rune character, ReadOnlySpan<bool> here, Span<bool> next)
    {
        var isAlive = false;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (here[i] && tokens[i].Takes(character))
            {
                next[tokens[i].Kind is GlobTokenKind.Run or GlobTokenKind.Crossing ? i : i + 1] = true;
                isAlive = true;
            }
        }

        return isAlive;
    }

    // What may take nothing may be passed by.
    static void Skip(ReadOnlySpan<GlobToken> tokens, Span<bool> standing)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (standing[i] && tokens[i].Kind is GlobTokenKind.Run or GlobTokenKind.Crossing or GlobTokenKind.Folders)
            {
                standing[i + (tokens[i].Kind == GlobTokenKind.Folders ? 2 : 1)] = true;
            }
        }
    }

    bool Takes(Rune character) => Kind switch
    {
        GlobTokenKind.One => character == Character,
        GlobTokenKind.Crossing => true,
        GlobTokenKind.Folders => character.Value == Slash,
        GlobTokenKind.Set => character.Value != Slash && IsInRanges(character) != IsNegated,
        _ => character.Value != Slash
    };

    bool IsInRanges(Rune character)
    {
        foreach (var (first, last) in Ranges!)
        {
            if (first <= character && character <= last)
            {
                return true;
            }
        }

        return false;
    }
}
