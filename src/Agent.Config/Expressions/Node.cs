namespace Agent.Config.Expressions;

/// <summary>A piece of an expression as it is meant. Groups are gone: what counts is whether a text matches, not which
/// part of it.</summary>
abstract record Node
{
    /// <summary>How often the repetitions inside repeat each other; RE2 allows a thousand.</summary>
    public virtual int Repeats => 1;

    /// <summary>Pieces, each as often as it is repeated.</summary>
    public virtual long Size => 1;
}

/// <summary>One character out of a set.</summary>
sealed record Letter(RuneSet Set) : Node;

enum Edge
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordEdge,
    NoWordEdge,

    /// <summary>A word's edge at the left end of the expression: the text's start, or a character that is in no word.
    /// </summary>
    BeforeWord,

    /// <summary>The same at the right end.</summary>
    BehindWord
}

/// <summary>A condition that takes no character.</summary>
sealed record Anchor(Edge Edge) : Node;

sealed record Sequence(IReadOnlyList<Node> Items) : Node
{
    public override int Repeats { get; } = Items.Select(item => item.Repeats).DefaultIfEmpty(1).Max();

    public override long Size { get; } = Items.Sum(item => item.Size);
}

sealed record Choice(IReadOnlyList<Node> Branches) : Node
{
    public override int Repeats { get; } = Branches.Max(branch => branch.Repeats);

    public override long Size { get; } = Branches.Sum(branch => branch.Size + 1);
}

/// <param name="Most">Null for any number.</param>
/// <param name="IsCounted">Written with braces, which alone count towards RE2's limit.</param>
sealed record Repeat(Node Item, int Least, int? Most, bool IsLazy, bool IsCounted) : Node
{
    public override int Repeats { get; } = Item.Repeats * (IsCounted ? Math.Max(1, Most ?? Least) : 1);

    // A product of a thousand at most, so that it does not overflow.
    public override long Size { get; } = (Item.Size + 1) * Math.Max(1, Most ?? Least + 1);
}
