namespace Agent.Tail;

/// <summary>What a read of a tailed file found.</summary>
enum ReadOutcome
{
    /// <summary>Bytes that follow the offset.</summary>
    Data,

    /// <summary>Nothing beyond the offset, for now.</summary>
    UpToDate,

    /// <summary>What was read before stands there no more: the file was truncated or rewritten.</summary>
    Truncated,

    /// <summary>The disk refused; says nothing about the file. Try again later.</summary>
    Failed
}
