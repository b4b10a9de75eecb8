using System.Buffers;
using Agent.Batch;
using Agent.Detect;
using Agent.Events;
using Agent.Filter;

namespace Agent.Pipeline;

/// <summary>Shows a lane's events to the detections. What they observe is kept until it is known how far was read, and
/// then committed with it: so a line counts once, whatever happens in between.</summary>
/// <param name="watched">Of the reader's thread.</param>
/// <param name="seen">Takes what is observed, for this end as for others of its thread: it is empty between two
/// reads.</param>
/// <param name="hasStamps">Whether the framing knows when an event was written.</param>
sealed class WatchEnd(
    Watch watch, LineWatch watched, Sightings seen, bool hasStamps, LaneRoom room) : LaneEnd
{
    public override AppendOutcome TryAppend(ReadOnlySpan<byte> text, long stamp, long atBytes)
    {
        watched.Look(text, hasStamps ? stamp : null, seen);
        return AppendOutcome.Appended;
    }

    public override int AppendLines(
        ReadOnlySpan<byte> lines, long stamp, long atBytes, SearchValues<byte>? continuing, EventFilter? filter,
        out int events)
    {
        events = 0;
        if (continuing is not null)
        {
            return 0; // lines of one event are looked at together
        }

        watched.LookAtLines(lines, seen);
        return lines.Length;
    }

    public override void Record(FilePosition end)
    {
        if (seen.IsEmpty)
        {
            room.Committer.Record(end);
            return;
        }

        watch.Take(seen, rows => room.Committer.Record(end, rows));
        seen.Clear();
    }
}
