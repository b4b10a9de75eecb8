using System.Runtime.CompilerServices;

namespace CloudWatch.Matching;

/// <summary>What texts begin with that those before them began with too, and where the automaton stands behind it: in a
/// log many lines in a row have one timestamp, host and program.</summary>
sealed class CommonBeginning
{
    const int Longest = 64;

    /// <summary>A shorter one is run through as soon as it is recognized.</summary>
    const int Shortest = 8;

    readonly byte[] _text = new byte[Longest];
    int _bytes;
    bool _isKnown; // where the automaton stands behind it

    /// <summary>Before which byte of a text the automaton stands when it has run through the beginning: one of the
    /// beginning itself where that ends in the middle of a text that is compared as a whole.</summary>
    public int At { get; private set; }

    /// <summary>What its table said last.</summary>
    public int Cell { get; private set; }

    /// <summary>Whether a text has the beginning, and where the automaton stands is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsIn(ReadOnlySpan<byte> text) => _isKnown && text.StartsWith(_text.AsSpan(0, _bytes));

    /// <summary>Looks for a beginning where the one before has come to its end: the first text without it is kept, the
    /// next one compared with that.</summary>
    /// <returns>How many bytes it has; 0 where there is none yet. For others <see cref="Keep"/> is to be called.
    /// </returns>
    public int Find(ReadOnlySpan<byte> text)
    {
        var common = _isKnown ? 0 : text.CommonPrefixLength(_text.AsSpan(0, _bytes));
        _isKnown = false;
        if (common >= Shortest)
        {
            _bytes = common;
            return common;
        }

        _bytes = Math.Min(text.Length, Longest);
        text[.._bytes].CopyTo(_text);
        return 0;
    }

    /// <summary>Takes note of where the automaton stands.</summary>
    public void Keep(int at, int cell) => (At, Cell, _isKnown) = (at, cell, true);

    /// <summary>The automaton forgot its cells.</summary>
    public void Forget() => _isKnown = false;
}
