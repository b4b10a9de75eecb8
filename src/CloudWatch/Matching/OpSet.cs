namespace CloudWatch.Matching;

/// <summary>The steps that may be next, each once, while a state is worked out.</summary>
sealed class OpSet(Op[] ops)
{
    readonly int[] _addedIn = new int[ops.Length];
    readonly List<int> _found = [];
    readonly Stack<int> _rest = [];
    int _round;

    /// <summary>The steps that take a byte or ask for what is behind, in any order.</summary>
    public IReadOnlyList<int> Numbers => _found;

    /// <summary>Whether one asks for nothing more.</summary>
    public bool HasMatch { get; private set; }

    public void Clear()
    {
        _round++;
        _found.Clear();
        HasMatch = false;
    }

    /// <summary>Adds a step, and what it leads to without a byte.</summary>
    /// <param name="behind">Null while that is not known: then conditions that ask for it stay in the set.</param>
    public void Add(int first, Side before, Side? behind)
    {
        _rest.Push(first);
        while (_rest.TryPop(out var number))
        {
            if (_addedIn[number] == _round)
                continue;

            _addedIn[number] = _round;
            var op = ops[number];
            switch (op.Kind)
            {
                case OpKind.Match:
                    HasMatch = true;
                    break;
                case OpKind.Fork:
                    _rest.Push(op.Other);
                    _rest.Push(op.Next);
                    break;
                case OpKind.Edge when behind is null && !op.Edge.LooksBack():
                case OpKind.Byte:
                    _found.Add(number);
                    break;
                case OpKind.Edge when op.Edge.Holds(before, behind ?? Side.Nothing):
                    _rest.Push(op.Next);
                    break;
            }
        }
    }
}
