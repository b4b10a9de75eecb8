namespace Agent.Pipeline;

/// <summary>One file that is, or was, at a source's path: its lane, and what became of it.</summary>
sealed class Life(Lane lane)
{
    // A renamed or deleted file may still be written to, until its writer is told to reopen.
    static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public Lane Lane { get; } = lane;

    /// <summary>The file is not at the path any more.</summary>
    public bool IsPast { get; set; }

    /// <summary>Nobody writes to it: its end is the end. So it is with a copy, and with what a truncation
    /// left.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The longest the file was seen to be before it was truncated; null where it was not.</summary>
    public long? TruncatedFromBytes { get; set; }

    /// <summary>Whether nothing more is expected of it.</summary>
    public bool IsOver(TimeProvider time) =>
        IsPast && Lane.IsAtEnd && (IsComplete || time.GetElapsedTime(Lane.LastGrowth) >= Grace);
}
