using Agent.Batch;
using Agent.Detect;
using Agent.Events;
using Agent.Filter;

namespace Agent.Pipeline;

/// <summary>Shows a lane's events to the detections.</summary>
/// <param name="watched">Of the reader's thread.</param>
/// <param name="observing">Of the same: it takes what is observed.</param>
/// <param name="hasStamps">Whether the framing knows when an event was written.</param>
sealed class WatchEnd(LineWatch watched, Observing observing, bool hasStamps) : LaneEnd
{
    public override AppendOutcome TryAppend(ReadOnlySpan<byte> text, long stamp, long atBytes)
    {
        watched.Look(text, hasStamps ? stamp : null, observing.Seen);
        return AppendOutcome.Appended;
    }

    public override bool TakesUnchecked => watched.OnlySearches;

    public override int AppendUnchecked(ReadOnlySpan<byte> lines) => watched.LookAtUnchecked(lines, observing.Seen);

    public override int AppendLines(
        scoped in EventLines lines, long atBytes, EventFilter? filter, out int events)
    {
        events = 0;
        var bytes = lines.EventsBytes(); // lines that are an event each are looked at together
        watched.LookAtLines(lines.Bytes[..bytes], lines.Form, observing.Seen);
        return bytes;
    }

    public override void Record(FilePosition end) => observing.Record(end);
}
