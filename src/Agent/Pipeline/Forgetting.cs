using Agent.Checkpoint;
using Agent.Discovery;
using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Forgets rows that are of no use any more: at a start, and each time so many files were finished that there
/// may be too many. On the reader's thread, since its file systems are looked at.</summary>
sealed partial class Forgetting(
    PositionStore store, Claims claims, Neighbourhood neighbours, TimeProvider time, ILogger log)
{
    readonly ILogger _log = log;
    int _finished;

    /// <summary>What is left of the rows of an entry, oldest first, at a start.</summary>
    public IReadOnlyList<FilePosition> OfUse(IReadOnlyList<FilePosition> rows)
    {
        var gone = LongGone.Among(rows, time.GetUtcNow(), neighbours);
        Forget(gone);
        return gone.Count == 0 ? rows : [.. rows.Except(gone)];
    }

    public void ForgetIfDue(IReadOnlyList<EntryPlan> entries)
    {
        if (claims.FinishedCount - _finished < LongGone.MostKept)
        {
            return;
        }

        _finished = claims.FinishedCount;
        var rows = store.ReadPositions();
        foreach (var entry in entries)
        {
            var own = rows.FindAll(row => KnownPositions.IsOf(row, entry));
            var gone = LongGone.Among(own, time.GetUtcNow(), neighbours);
            gone.ForEach(row => claims.Forget(row, entry.Destination));
            Forget(gone);
        }
    }

    void Forget(List<FilePosition> gone)
    {
        if (gone.Count > 0)
        {
            store.Forget(gone);
            LogForgotten(gone.Count);
        }
    }

    [LoggerMessage(112, LogLevel.Information, "The positions of {Files} files are forgotten, which are gone")]
    partial void LogForgotten(int files);
}
