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

    /// <summary>How long such a batch waits: until its first event is acceptable, within bounds.</summary>
    /// <param name="now">By the service's clock.</param>
    public static TimeSpan WaitFor(EventBatch batch, DateTimeOffset now)
    {
        var wait = DateTimeOffset.FromUnixTimeMilliseconds(batch.FirstStamp) - Limits.NewestEvent - now;
        return wait < ShortestWait ? ShortestWait
            : wait > LongestWait ? LongestWait
            : wait;
    }
}
