using Agent.Filter;
using Agent.Framing;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>How the bytes of a source become log events.</summary>
/// <param name="Framing">What an event looks like.</param>
/// <param name="Counts">What was met on the way, for all lanes of the source.</param>
/// <param name="Filter">Which events are sent; null sends all.</param>
/// <param name="EventTimeout">After how long a quiet last event is over though its successor is not there yet.</param>
/// <param name="PartialLineTimeout">After how long a quiet last line is taken without its end; null waits for
/// ever.</param>
sealed record Intake(
    FramingPlan Framing,
    FramingCounts Counts,
    EventFilter? Filter,
    TimeSpan EventTimeout,
    TimeSpan? PartialLineTimeout)
{
    const int StartBytes = 4; // the longest byte order mark

    /// <summary>The framer of a file, wherever it is read on.</summary>
    /// <param name="lastStamp">The timestamp of the event before, for lines that have none; 0 when there is
    /// none.</param>
    public EventFramer NewFramer(TailedContent file, TimeProvider time, long lastStamp)
    {
        var framer = new EventFramer(Framing, Counts, time)
        {
            LastStamp = Framing.TimestampFormat is not null && lastStamp > 0 ? lastStamp : null
        };
        Span<byte> start = stackalloc byte[StartBytes];
        framer.Resume(start[..file.ReadStart(start)]);
        return framer;
    }
}
