namespace Agent.Pipeline;

/// <summary>What a file is that has the rotated name of a log.</summary>
enum CopyVerdict
{
    /// <summary>No copy of what a log holds.</summary>
    Other,

    /// <summary>It holds what the log holds so far.</summary>
    Copy,

    /// <summary>The log was truncated, and its source is about to look for the copy: what it leaves then is none.
    /// </summary>
    Unclear
}
