namespace Agent.Pipeline;

/// <summary>What came of pumping a lane once.</summary>
enum LaneProgress
{
    /// <summary>Lines were taken; there may be more.</summary>
    Advanced,

    /// <summary>Nothing more to take until the file grows.</summary>
    Idle,

    /// <summary>No room: go on once the sender or the memory has some.</summary>
    Blocked,

    /// <summary>The file was truncated or rewritten under us.</summary>
    Truncated,

    /// <summary>The disk refused.</summary>
    Failed
}
