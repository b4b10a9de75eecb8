using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Lets go of the files of a source that are read to their end and quiet, and deletes them where the
/// configuration asks for it.</summary>
sealed partial class Burial(SourcePlan plan, SourceRoom room, Lives lives, SourcePast past, Truncation truncation)
{
    // A file that was superseded is deleted only once it is quiet: its writer may not have noticed yet.
    static readonly TimeSpan RemovalDelay = TimeSpan.FromSeconds(10);

    readonly ILogger _log = room.Log;

    /// <summary>Another file took this one's place, and it may be deleted once it is delivered.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>Lets go of those that are over, oldest first.</summary>
    public void BuryOver(Span<byte> block)
    {
        foreach (var life in lives.Where(life => life.IsOver(room.Lanes.Time) || IsRemovable(life)).ToList())
        {
            life.WantsHandle |= life.Lane.IsReleased;
            if (life.Lane.TryTakeRest(block) && life.Lane.IsDrained)
            {
                RemoveIfAsked(life);
                var end = life.Lane.ReadPosition;
                if (end.CutShort is { } cut)
                {
                    // Before the row that says that nothing more is to be done: a kill may come between the two.
                    truncation.Record(end with { Identity = cut.File }, cut.KnownBytes);
                }

                past.Finished.Add(lives.End(life, isFinished: true));
                LogFinished(plan.Path);
            }
        }
    }

    bool IsRemovable(Life life) =>
        IsSuperseded && life.Lane is { IsAtEnd: true, IsDrained: true }
        && room.Lanes.Time.GetElapsedTime(life.Lane.LastGrowth) >= RemovalDelay;

    // Only what the configuration names is deleted, never an archive beside it, nor the log that a truncation ended a
    // life of.
    void RemoveIfAsked(Life life)
    {
        if (!plan.Entry.RemovesFiles || life.Lane.IsComplete || life.Lane.Content.CurrentPath is not { } path
            || !plan.Entry.Covers(path))
        {
            return;
        }

        if (FileRemoval.TryRemove(path, life.Lane.Identity, out var fault))
        {
            LogRemoved(path);
        }
        else
        {
            LogNotRemoved(path, fault);
        }
    }

    [LoggerMessage(104, LogLevel.Debug, "{Path}: a rotated file is read to its end and closed")]
    partial void LogFinished(string path);

    [LoggerMessage(108, LogLevel.Information, "{Path}: deleted, since all of it is delivered (auto_removal)")]
    partial void LogRemoved(string path);

    [LoggerMessage(109, LogLevel.Warning, "{Path}: delivered, but not deleted as auto_removal asks: {Fault}")]
    partial void LogNotRemoved(string path, string fault);
}
