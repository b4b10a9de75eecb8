namespace CloudWatch.Matching;

enum OpKind : byte
{
    /// <summary>Takes one byte of a range.</summary>
    Byte,

    /// <summary>Goes on at two places.</summary>
    Fork,

    /// <summary>Goes on where a condition holds.</summary>
    Edge,

    /// <summary>Nothing more is asked for.</summary>
    Match
}

/// <summary>A step of an expression over bytes; the steps are a nondeterministic automaton.</summary>
/// <param name="Next">The number of the step that follows.</param>
/// <param name="Other">The second that follows a fork.</param>
readonly record struct Op(OpKind Kind, int Next = 0, int Other = 0, byte First = 0, byte Last = 0, Edge Edge = default)
{
    public bool Takes(byte one) => Kind == OpKind.Byte && First <= one && one <= Last;

    /// <summary>The one byte that it takes; null where there is a choice.</summary>
    public byte? Single => Kind == OpKind.Byte && First == Last ? First : null;
}
