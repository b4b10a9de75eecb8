using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>One file that is, or was, at a source's path: its lane, and what became of it.</summary>
sealed class Life(Lane lane)
{
    // A renamed or deleted file may still be written to, until its writer is told to reopen.
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public Lane Lane { get; } = lane;

    /// <summary>When the file was found not to be at the path any more; null while it is.</summary>
    public long? PastSince { get; set; }

    public bool IsPast => PastSince is not null;

    /// <summary>It was truncated, and a copy of what it held is looked for.</summary>
    public bool WantsCopy { get; set; }

    /// <summary>The handle was released, and there is reason to take one again.</summary>
    public bool WantsHandle { get; set; }

    /// <summary>What came of reading it last.</summary>
    public LaneProgress LastProgress { get; set; } = LaneProgress.Idle;

    /// <summary>Gives back what was read and is denied. A file that was closed meanwhile must be opened for
    /// it.</summary>
    public void TakeBackDenied()
    {
        // Where a truncation was noticed what is in memory may be all there is.
        if (!WantsCopy && Lane.Sender is { IsDenied: true })
        {
            WantsHandle |= Lane.IsReleased;
            Lane.TakeBackDenied();
        }
    }

    /// <summary>Whether the file was compressed into that one, and deleted then.</summary>
    public bool IsPackedIn(GzipFile packed) => !Lane.IsEnded && Lane.Content.IsPackedIn(packed);

    /// <summary>Whether there is something to be read, as far as anybody knows, or to be delivered. A last line without
    /// its end is not.</summary>
    public bool IsWaiting =>
        WantsHandle || LastProgress == LaneProgress.Blocked || !Lane.IsAtEnd || !Lane.IsDrained;

    /// <summary>Grows with each byte that is read and with each that is delivered.</summary>
    public long Progress => Lane.Extent.ReadBytes + Lane.DeliveredBytes;

    /// <summary>Since when the file is open.</summary>
    public long OpenSince { get; set; }

    /// <summary>Whether nothing more is expected of it: nobody can write to it, or it was quiet since it left, however
    /// quiet it was before.</summary>
    public bool IsOver(TimeProvider time) =>
        PastSince is { } since && Lane.IsAtEnd
        && (Lane.IsComplete || Lane.Content.IsForsaken
            || time.GetElapsedTime(Math.Max(since, Lane.LastGrowth)) >= Grace);
}
