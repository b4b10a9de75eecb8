namespace CloudWatch.Matching;

/// <summary>A piece of an expression as it is meant. Groups are gone: what counts is whether a text matches, not which
/// part of it.</summary>
public abstract record Node
{
    /// <summary>How often the repetitions inside repeat each other; RE2 allows a thousand.</summary>
    public virtual int Repeats => 1;

    /// <summary>How many pieces lie in each other.</summary>
    public virtual int Height => 1;
}

/// <summary>One character out of a set.</summary>
public sealed record Letter(RuneSet Set) : Node;

public enum Edge
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordEdge,
    NoWordEdge
}

/// <summary>A condition that takes no character.</summary>
public sealed record Anchor(Edge Edge) : Node;

public sealed record Sequence(IReadOnlyList<Node> Items) : Node
{
    public override int Repeats { get; } = Items.Select(item => item.Repeats).DefaultIfEmpty(1).Max();

    public override int Height { get; } = 1 + Items.Select(item => item.Height).DefaultIfEmpty(0).Max();
}

public sealed record Choice(IReadOnlyList<Node> Branches) : Node
{
    public override int Repeats { get; } = Branches.Max(branch => branch.Repeats);

    public override int Height { get; } = 1 + Branches.Max(branch => branch.Height);
}

/// <param name="Most">Null for any number.</param>
/// <param name="IsCounted">Written with braces, which alone count towards RE2's limit.</param>
public sealed record Repeat(Node Item, int Least, int? Most, bool IsCounted) : Node
{
    public override int Repeats { get; } = Item.Repeats * (IsCounted ? Math.Max(1, Most ?? Least) : 1);

    public override int Height { get; } = 1 + Item.Height;
}
