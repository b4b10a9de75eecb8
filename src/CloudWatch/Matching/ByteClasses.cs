namespace CloudWatch.Matching;

/// <summary>Which bytes an expression cannot tell apart: a row of its automaton has one column for each class, a dozen
/// instead of 256.</summary>
sealed class ByteClasses
{
    readonly byte[] _of = new byte[256];
    readonly List<byte> _first = [];

    public ByteClasses(Op[] ops)
    {
        var begins = new bool[257];
        begins[0] = true;
        foreach (var op in ops.Where(op => op.Kind == OpKind.Byte))
            begins[op.First] = begins[op.Last + 1] = true;

        var hasEdges = ops.Any(op => op.Kind == OpKind.Edge);
        for (var one = 0; one < 256; one++)
        {
            if (begins[one] || (hasEdges && Sides.Of((byte)one) != Sides.Of((byte)(one - 1))))
                _first.Add((byte)one);

            _of[one] = (byte)(_first.Count - 1);
        }
    }

    /// <summary>The class of each byte.</summary>
    public byte[] OfByte => _of;

    public int Count => _first.Count;

    /// <summary>A byte of the class; it stands for all of them.</summary>
    public byte Member(int ofClass) => _first[ofClass];
}
