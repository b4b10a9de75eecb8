using Agent.Checkpoint;
using Agent.Detect;
using Agent.Events;

namespace Agent.Pipeline;

/// <summary>What a reader's thread observed since it settled last, and how far it came in each file meanwhile. To put
/// it to the account of the alarms takes as long as to look at a mebibyte, so that is done once for all that was read
/// in one go. It is committed together: a line counts once, whatever happens in between.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class Observing(Watch watch, Committer committer)
{
    readonly Dictionary<long, FilePosition> _ends = []; // by their rows

    /// <summary>Takes what is observed.</summary>
    public Sightings Seen { get; } = new();

    /// <summary>All before a position was looked at.</summary>
    public void Record(FilePosition end)
    {
        if (Seen.IsEmpty)
        {
            committer.Record(end);
        }
        else
        {
            _ends[end.Id] = end;
        }
    }

    /// <summary>Puts it to the account.</summary>
    public void Settle()
    {
        if (!Seen.IsEmpty)
        {
            watch.Take(Seen, rows => committer.Record(_ends.Values, rows));
            Seen.Clear();
            _ends.Clear();
        }
    }
}
