using System.Buffers.Text;
using Agent.Events;
using CloudWatch;

namespace Agent.Upload;

/// <summary>Events that are too far ahead of the service's time: of a batch it takes those before them (API:
/// PutLogEvents, tooNewLogEventStartIndex). They are no lost ones: they wait until it would take them.</summary>
static class TooNew
{
    /// <summary>Why they are not delivered, in words.</summary>
    public const string Fault =
        "log events are stamped more than 2 hours ahead of the service's time, and wait until it takes them. Look at "
        + "the clock of who wrote them, and at the timezone of the entry";

    // A clock may be set while they wait; and a log whose events are all so far ahead must not cost a request each.
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(30);

    // A quote inside a message is escaped, so this stands only where an event begins.
    static ReadOnlySpan<byte> EventStart => "{\"timestamp\":"u8;

    /// <summary>The events of a batch from one on, in memory of their own.</summary>
    /// <param name="first">Below the number of its events.</param>
    public static EventBatch From(EventBatch batch, int first)
    {
        byte[] body = [.. batch.Segments.SelectMany(segment => segment.ToArray())];
        var start = 0;
        for (var i = 0; i < first; i++)
        {
            start += EventStart.Length;
            start += body.AsSpan(start).IndexOf(EventStart);
        }

        return batch with { Segments = [body.AsMemory(start)], Events = batch.Events - first };
    }

    /// <summary>How long such a batch waits: until its first event is acceptable, within bounds.</summary>
    /// <param name="now">By the service's clock.</param>
    public static TimeSpan WaitFor(EventBatch batch, DateTimeOffset now)
    {
        _ = Utf8Parser.TryParse(batch.Segments[0].Span[EventStart.Length..], out long stamp, out _);
        var wait = DateTimeOffset.FromUnixTimeMilliseconds(stamp) - Limits.NewestEvent - now;
        return wait < ShortestWait ? ShortestWait
            : wait > LongestWait ? LongestWait
            : wait;
    }
}
