namespace Agent.Pipeline;

/// <summary>One file that is, or was, at a source's path: its lane, and what became of it.</summary>
sealed class Life(Lane lane)
{
    // A renamed or deleted file may still be written to, until its writer is told to reopen.
    static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public Lane Lane { get; } = lane;

    /// <summary>When the file was found not to be at the path any more; null while it is.</summary>
    public long? PastSince { get; set; }

    public bool IsPast => PastSince is not null;

    /// <summary>Nobody writes to it: its end is the end. So it is with a copy, and with what a truncation
    /// left.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Whether nothing more is expected of it: it was quiet since it left, however quiet it was
    /// before.</summary>
    public bool IsOver(TimeProvider time) =>
        PastSince is { } since && Lane.IsAtEnd
        && (IsComplete || time.GetElapsedTime(Math.Max(since, Lane.LastGrowth)) >= Grace);
}
