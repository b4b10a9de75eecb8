namespace CloudWatch.Matching;

/// <summary>What stands beside a place in a text, as far as an <see cref="Edge"/> asks.</summary>
enum Side : byte
{
    /// <summary>The text's start or end.</summary>
    Nothing,
    LineFeed,

    /// <summary>A letter, digit or underscore of ASCII, as RE2 has it.</summary>
    Word,
    Other
}

static class Sides
{
    public static Side Of(byte one) =>
        one == '\n' ? Side.LineFeed
        : RuneSet.Word.Has(one) ? Side.Word
        : Side.Other;

    /// <summary>Whether a condition can be judged by what stands before it.</summary>
    public static bool LooksBack(this Edge edge) => edge is Edge.TextStart or Edge.LineStart;

    public static bool Holds(this Edge edge, Side before, Side behind) => edge switch
    {
        Edge.TextStart => before == Side.Nothing,
        Edge.TextEnd => behind == Side.Nothing,
        Edge.LineStart => before is Side.Nothing or Side.LineFeed,
        Edge.LineEnd => behind is Side.Nothing or Side.LineFeed,
        Edge.WordEdge => (before == Side.Word) != (behind == Side.Word),
        Edge.NoWordEdge => (before == Side.Word) == (behind == Side.Word),
        _ => throw new ArgumentOutOfRangeException(nameof(edge))
    };
}
