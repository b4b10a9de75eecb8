namespace CloudWatch.Matching;

/// <summary>Works out where a text stands in an expression after one more byte.</summary>
sealed class StateFinder(Op[] ops)
{
    /// <summary>Shorter ones are not worth a comparison.</summary>
    const int ShortestChain = 3;
    const int LongestChain = 256;

    readonly OpSet _here = new(ops);
    readonly OpSet _next = new(ops);

    /// <summary>Where each text begins.</summary>
    public State First() => At(0, Side.Nothing);

    public State After(State state, byte one)
    {
        var here = Resolve(state, Sides.Of(one));
        if (here.HasMatch)
            return State.Matched;

        _next.Clear();
        foreach (var number in here.Numbers)
        {
            if (ops[number].Takes(one))
                _next.Add(ops[number].Next, Sides.Of(one), behind: null);
        }

        return Found(Sides.Of(one));
    }

    public State AfterChain(State state) => At(state.BehindChain, Sides.Of(state.Chain.Last));

    public bool MatchesAtEnd(State state) => Resolve(state, Side.Nothing).HasMatch;

    State At(int number, Side before)
    {
        _next.Clear();
        _next.Add(number, before, behind: null);
        return Found(before);
    }

    // With what is behind known, no condition is left open.
    OpSet Resolve(State state, Side behind)
    {
        _here.Clear();
        foreach (var number in state.Ops)
            _here.Add(number, state.Before, behind);

        return _here;
    }

    State Found(Side before)
    {
        if (_next.HasMatch)
            return State.Matched;

        var numbers = _next.Numbers.Order().ToArray();
        if (numbers.Length == 0)
            return State.Dead;

        var asks = numbers.Any(number => ops[number].Kind == OpKind.Edge);
        var (chain, behind) = numbers.Length == 1 ? ChainFrom(numbers[0]) : ([], 0);
        return new(numbers, asks ? before : Side.Other) { Chain = new(chain), BehindChain = behind };
    }

    (byte[] Chain, int Behind) ChainFrom(int number)
    {
        var chain = new List<byte>();
        for (; chain.Count < LongestChain && ops[number].Single is { } one; number = ops[number].Next)
            chain.Add(one);

        return chain.Count < ShortestChain ? ([], 0) : ([.. chain], number);
    }
}
