using System.Buffers;
using Agent.Batch;
using Agent.Detect;
using Agent.Events;
using Agent.Filter;

namespace Agent.Pipeline;

/// <summary>Shows a lane's events to the detections. What they observe is kept until it is known how far was read, and
/// then committed with it: so a line counts once, whatever happens in between.</summary>
/// <param name="lines">Of the reader's thread.</param>
/// <param name="hasStamps">Whether the framing knows when an event was written.</param>
sealed class WatchEnd(Watch watch, LineWatch lines, bool hasStamps, LaneRoom room) : LaneEnd
{
    readonly Sightings _seen = new();

    public override AppendOutcome TryAppend(ReadOnlySpan<byte> text, long stamp, long atBytes)
    {
        lines.Look(text, hasStamps ? stamp : null, _seen);
        return AppendOutcome.Appended;
    }

    public override int AppendLines(
        ReadOnlySpan<byte> lines, long stamp, long atBytes, SearchValues<byte>? continuing, EventFilter? filter,
        out int events)
    {
        (var taken, events) = (0, 0);
        while (taken < lines.Length)
        {
            var rest = lines[taken..];
            var end = rest.IndexOf((byte)'\n');
            var after = taken + end + 1;
            var text = rest[..end].TrimEnd((byte)'\r');
            var mayGoOn = continuing is not null && (after == lines.Length || continuing.Contains(lines[after]));
            if (text.IsEmpty || mayGoOn)
            {
                break;
            }

            TryAppend(text, stamp, atBytes + taken);
            taken = after;
            events++;
        }

        return taken;
    }

    public override void Record(FilePosition end)
    {
        if (_seen.IsEmpty)
        {
            room.Committer.Record(end);
            return;
        }

        watch.Take(_seen, rows => room.Committer.Record(end, rows));
        _seen.Clear();
    }
}
