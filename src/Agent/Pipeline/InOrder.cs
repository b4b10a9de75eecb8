namespace Agent.Pipeline;

/// <summary>Reads the files of a source in their order: the oldest first, and a newer one only once every older one was
/// read to its end.</summary>
sealed class InOrder(
    SourcePlan plan, SourceRoom room, Lives lives, SourcePast past, Truncation truncation, Burial burial,
    SourceTrouble trouble)
{
    // As long as the CloudWatch agent waits (backpressure_mode fd_release).
    static readonly TimeSpan BlockedPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long until a last line is taken without what it waits for, of the files that a read comes to: the
    /// others wait for those before them. Null when none is.</summary>
    public TimeSpan? RestDue
    {
        get
        {
            TimeSpan? least = null;
            foreach (var life in lives)
            {
                if (life.WantsCopy || past.IsSearching)
                {
                    break;
                }

                var due = life.LastProgress == LaneProgress.Failed ? null : life.Lane.RestDue;
                least = least is null || due < least ? due : least;
                if (life.LastProgress == LaneProgress.Blocked)
                {
                    break;
                }
            }

            return least;
        }
    }

    /// <summary>Reads once where there is something to read.</summary>
    public LaneProgress Pump(Span<byte> block)
    {
        if (past.IsSearching)
        {
            // What it may find comes first.
            return truncation.IsOneRestarted(from: 0) ? LaneProgress.Advanced : LaneProgress.Idle;
        }

        for (var i = 0; i < lives.Count; i++)
        {
            var progress = PumpOne(i, block);
            if (progress != LaneProgress.Idle)
            {
                return truncation.IsOneRestarted(i + 1) ? LaneProgress.Advanced : progress;
            }
        }

        burial.BuryOver(block);
        return LaneProgress.Idle;
    }

    // Advanced and Blocked hold the files that are newer.
    LaneProgress PumpOne(int index, Span<byte> block)
    {
        var life = lives[index];
        if (life.WantsCopy)
        {
            return LaneProgress.Blocked;
        }

        if (life.WantsHandle)
        {
            if (!TryReopen(life))
            {
                // A rotated file comes before what is newer, also while it waits for its turn to be opened.
                life.LastProgress = life.IsPast && lives.Contains(life) ? LaneProgress.Blocked : LaneProgress.Idle;
                return life.LastProgress;
            }

            life.TakeBackDenied(); // it could not be while the file was closed
        }

        var progress = life.Lane.Pump(block);
        if (progress == LaneProgress.Idle && life.IsPast && life.Lane.IsHolding)
        {
            // Its last event is not over yet, and comes before what is newer.
            progress = LaneProgress.Blocked;
        }

        if (life.LastProgress == LaneProgress.Failed && progress != LaneProgress.Failed)
        {
            trouble.Clear();
        }

        life.LastProgress = progress;
        switch (progress)
        {
            case LaneProgress.Truncated:
                truncation.Restart(life);
                return LaneProgress.Advanced;
            case LaneProgress.Failed:
                // Tried again with the next look at everything; later files must not wait for a sick disk.
                trouble.Say(life.Lane.Content.Fault);
                return LaneProgress.Idle;
            case LaneProgress.Blocked when plan.Entry.ReleasesHandles
                && room.Lanes.Time.GetElapsedTime(life.Lane.BlockedSince) >= BlockedPatience:
                lives.TryRelease(life);
                return progress;
            default:
                return progress;
        }
    }

    bool TryReopen(Life life)
    {
        if (lives.TryReopen(life, out var fault))
        {
            trouble.Clear();
            return true;
        }

        if (fault is not null)
        {
            trouble.Say(fault);
        }
        else if (life.Lane.IsDrained)
        {
            // Deleted while it was closed: looked for as after a restart. What is on its way is waited for first.
            past.Miss(lives.End(life, isFinished: false), life.Lane.Extent.KnownBytes);
        }

        return false;
    }
}
