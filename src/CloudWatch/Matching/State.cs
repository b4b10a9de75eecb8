namespace CloudWatch.Matching;

/// <summary>Where a text may stand in an expression.</summary>
/// <param name="ops">The steps that take a byte or ask for what is behind, in order.</param>
/// <param name="before">What was read last, where one of the steps may ask for it.</param>
sealed class State(int[] ops, Side before) : IEquatable<State>
{
    /// <summary>Nothing that follows makes it match.</summary>
    public static State Dead { get; } = new([], Side.Nothing);

    /// <summary>It matches, whatever follows.</summary>
    public static State Matched { get; } = new([], Side.Nothing);

    public int[] Ops => ops;

    public Side Before => before;

    /// <summary>The one text with which it goes on; empty where there are several, or it is short.</summary>
    public Chain Chain { get; init; } = new([]);

    /// <summary>The step behind the chain.</summary>
    public int BehindChain { get; init; }

    /// <summary>Whether a text that ends here matches; null until one does.</summary>
    public bool? MatchesAtEnd { get; set; }

    /// <summary>Where the automaton goes on behind the chain; null until it does.</summary>
    public int? CellBehindChain { get; set; }

    public bool Equals(State? other) =>
        other is not null && before == other.Before && ops.AsSpan().SequenceEqual(other.Ops);

    public override bool Equals(object? obj) => Equals(obj as State);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(before);
        foreach (var op in ops)
            hash.Add(op);

        return hash.ToHashCode();
    }
}
