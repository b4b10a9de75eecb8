namespace CloudWatch.Matching;

/// <summary>Writes an expression as steps over bytes, from its end to its beginning, so that each step knows the next.
/// </summary>
sealed class OpWriter(int most)
{
    const int MostPiecesForStep = 10;

    readonly List<Op> _ops = [];
    readonly Dictionary<(byte First, byte Last, int Next), int> _bytes = []; // classes have many ends in common
    int _pieces;
    bool _isTooLarge;

    /// <summary>The steps, the first of which looks for a match, and the one that begins it; null if there would be too
    /// many.</summary>
    public static (Op[] Ops, int Start)? Of(Node expression, int most)
    {
        var writer = new OpWriter(most);
        var first = writer.Reserve();
        var match = writer.Add(new(OpKind.Match));
        // It is looked for anywhere: any characters may come before it.
        var start = writer.Write(expression, match);
        var search = BeginsText(expression) ? start : writer.WriteAny(new Letter(RuneSet.All), start);
        writer._ops[first] = new(OpKind.Fork, search, search);
        return writer._isTooLarge ? null : ([.. writer._ops], start);
    }

    // Whether each match begins where the text does.
    static bool BeginsText(Node node) => node switch
    {
        Anchor anchor => anchor.Edge == Edge.TextStart,
        Repeat repeat => repeat.Least > 0 && BeginsText(repeat.Item),
        Choice choice => choice.Branches.All(BeginsText),
        Sequence sequence => sequence.Items.Count > 0 && BeginsText(sequence.Items[0]),
        _ => false
    };

    int Write(Node node, int next)
    {
        _isTooLarge |= ++_pieces > MostPiecesForStep * most; // an empty group takes no step, but time
        return _isTooLarge ? next : WriteAs(node, next);
    }

    int WriteAs(Node node, int next) => node switch
    {
        Letter letter => Write(letter.Set, next),
        Anchor anchor => Add(new(OpKind.Edge, next, Edge: anchor.Edge)),
        Sequence sequence => sequence.Items.Reverse().Aggregate(next, (then, item) => Write(item, then)),
        Choice choice => Fork(choice.Branches.Select(branch => Write(branch, next))),
        Repeat repeat => Write(repeat, next),
        _ => throw new ArgumentOutOfRangeException(nameof(node))
    };

    int Write(RuneSet set, int next)
    {
        var starts = set.Ranges.SelectMany(range => Utf8Ranges.Of(range.First, range.Last))
            .Select(bytes => bytes.Reverse().Aggregate(next, (then, range) => Byte(range.First, range.Last, then)))
            .Distinct().ToList();
        return starts.Count > 0 ? Fork(starts) : AddNothing();
    }

    // Which characters are taken is not asked for, only whether all can be: lazy or not is the same.
    int Write(Repeat repeat, int next)
    {
        var (start, written) = (next, 0);
        if (repeat.Most is { } times)
        {
            for (; times > repeat.Least && !_isTooLarge; times--)
                start = Fork([Write(repeat.Item, start), next]);
        }
        else
        {
            // The last that must be there is the one that may be repeated.
            (start, written) = repeat.Least == 0
                ? (WriteAny(repeat.Item, next), 0)
                : (WriteSome(repeat.Item, next), 1);
        }

        for (; written < repeat.Least && !_isTooLarge; written++)
            start = Write(repeat.Item, start);

        return start;
    }

    int WriteAny(Node item, int next)
    {
        var fork = Reserve();
        _ops[fork] = new(OpKind.Fork, Write(item, fork), next);
        return fork;
    }

    int WriteSome(Node item, int next)
    {
        var fork = Reserve();
        var start = Write(item, fork);
        _ops[fork] = new(OpKind.Fork, start, next);
        return start;
    }

    int Fork(IEnumerable<int> ways) =>
        ways.Aggregate((one, other) => one == other ? one : Add(new(OpKind.Fork, one, other)));

    int Byte(byte first, byte last, int next)
    {
        if (!_bytes.TryGetValue((first, last, next), out var known))
        {
            known = Add(new(OpKind.Byte, next, First: first, Last: last));
            _bytes.Add((first, last, next), known);
        }

        return known;
    }

    // An empty set: no byte will do.
    int AddNothing() => Add(new(OpKind.Byte, First: 1, Last: 0));

    int Reserve() => Add(new(OpKind.Fork));

    int Add(Op op)
    {
        _isTooLarge |= _ops.Count >= most;
        if (!_isTooLarge)
            _ops.Add(op);

        return _ops.Count - 1;
    }
}
