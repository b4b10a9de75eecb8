namespace Agent.Config.Expressions;

/// <summary>\b is an edge of an ASCII word for RE2, but of a word in any script for .NET: "\bfoo" is in "äfoo". Where
/// it stands at either end of an expression, beside an ASCII letter, which is where people write it, it is turned into
/// what it means there. Between other pieces .NET's own stays, and differs next to a letter beyond ASCII.</summary>
static class WordEdges
{
    public static Node AtEnds(Node expression) => AtEnd(AtEnd(expression, isLeft: true), isLeft: false);

    static Node AtEnd(Node node, bool isLeft)
    {
        if (node is Choice choice)
            return new Choice([.. choice.Branches.Select(branch => AtEnd(branch, isLeft))]);

        if (node is not Sequence { Items: { Count: > 0 } items })
            return node;

        var (end, beside) = isLeft ? (0, 1) : (items.Count - 1, items.Count - 2);
        var outermost = items[end];
        if (outermost is Anchor { Edge: Edge.WordEdge })
        {
            if (beside < 0 || beside >= items.Count || !IsWordAt(items[beside], isLeft))
                return node;

            outermost = new Anchor(isLeft ? Edge.BeforeWord : Edge.BehindWord);
        }
        else
        {
            outermost = AtEnd(outermost, isLeft);
        }

        return new Sequence([.. items.Select((item, index) => index == end ? outermost : item)]);
    }

    /// <summary>Whether each match of a piece begins (or ends) with a character of an ASCII word.</summary>
    static bool IsWordAt(Node node, bool isLeft) => node switch
    {
        Letter letter => letter.Set.IsWithin(RuneSet.Word),
        Repeat repeat => repeat.Least > 0 && IsWordAt(repeat.Item, isLeft),
        Choice choice => choice.Branches.All(branch => IsWordAt(branch, isLeft)),
        Sequence { Items: { Count: > 0 } items } => IsWordAt(items[isLeft ? 0 : ^1], isLeft),
        _ => false
    };
}
