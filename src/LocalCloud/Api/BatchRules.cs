using System.Runtime.InteropServices;
using CloudWatch;
using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

/// <summary>What the service asks of a batch of log events, in the order in which it asks: members, sizes and order of
/// the whole batch; then single events too old, expired or too new are left out; then the span of those that remain.
/// API: PutLogEvents.</summary>
static class BatchRules
{
    /// <summary>That every member is there and has the form it must have.</summary>
    public static void CheckMembers(PutBody body)
    {
        var constraints = new Constraints().GroupName(body.LogGroupName).StreamName(body.LogStreamName)
            .Required("logEvents", body.HasEvents);
        if (body.HasEvents)
            constraints.Count("logEvents", body.Events.Length, 1, Limits.BatchEvents);
        if (body.WithoutTimestamp >= 0)
            constraints.Required(Event(body.WithoutTimestamp) + ".timestamp", present: false);
        if (body.WithoutMessage >= 0)
            constraints.Required(Event(body.WithoutMessage) + ".message", present: false);

        // A batch that is too long is refused for that alone: naming each of a million events would be no answer.
        for (var index = 0; index < body.Events.Length && body.Events.Length <= Limits.BatchEvents; index++)
        {
            if (body.Events[index].Timestamp < 0)
                constraints.Range(Event(index) + ".timestamp", body.Events[index].Timestamp, 0);
            if (body.Events[index].Length == 0 && body.WithoutMessage < 0)
                constraints.Length(Event(index) + ".message", "", 1, int.MaxValue);
        }

        constraints.Check();
    }

    static string Event(int index) => Constraints.Element("logEvents", index);

    /// <summary>That the batch is small enough and in order.</summary>
    public static void CheckWhole(ReadOnlySpan<IncomingEvent> events)
    {
        var (size, last, inOrder) = (0L, long.MinValue, true);
        foreach (var item in events)
        {
            var bytes = item.Length + Limits.EventOverheadBytes;
            if (bytes > Limits.BatchBytes)
            {
                throw RefusedException.Invalid(
                    $"Log event too large: {bytes} bytes exceeds limit of {Limits.BatchBytes}");
            }

            size += bytes;
            inOrder &= item.Timestamp >= last;
            last = item.Timestamp;
        }

        if (size > Limits.BatchBytes)
            throw RefusedException.Invalid($"Upload too large: {size} bytes exceeds limit of {Limits.BatchBytes}");
        if (!inOrder)
        {
            throw RefusedException.Invalid(
                "Log events in a single PutLogEvents request must be in chronological order.");
        }
    }

    /// <summary>Which events of an ordered batch are taken.</summary>
    /// <param name="oldestKept">The oldest timestamp within the group's retention.</param>
    public static Accepted Sort(ReadOnlySpan<IncomingEvent> events, long now, long oldestKept)
    {
        var tooOldEnd = CountBefore(events, now - (long)Limits.OldestEvent.TotalMilliseconds);
        var expiredEnd = CountBefore(events, oldestKept);
        var tooNewStart = CountBefore(events, now + (long)Limits.NewestEvent.TotalMilliseconds + 1);
        var first = Math.Max(tooOldEnd, expiredEnd);
        return new(first, Math.Max(first, tooNewStart), new()
        {
            TooOldLogEventEndIndex = tooOldEnd > 0 ? tooOldEnd : null,
            ExpiredLogEventEndIndex = expiredEnd > tooOldEnd ? expiredEnd : null,
            TooNewLogEventStartIndex = tooNewStart < events.Length ? tooNewStart : null
        });
    }

    public static void CheckSpan(ReadOnlySpan<IncomingEvent> taken)
    {
        if (taken.Length > 0 && taken[^1].Timestamp - taken[0].Timestamp > (long)Limits.BatchSpan.TotalMilliseconds)
        {
            throw RefusedException.Invalid(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }
    }

    static int CountBefore(ReadOnlySpan<IncomingEvent> events, long timestamp)
    {
        var count = 0;
        while (count < events.Length && events[count].Timestamp < timestamp)
            count++;
        return count;
    }
}

/// <summary>The events of a batch from one index up to another, and what is said about the others.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Accepted(int First, int End, RejectedLogEventsInfo Rejected)
{
    public bool IsWhole => Rejected is
    {
        TooOldLogEventEndIndex: null, ExpiredLogEventEndIndex: null, TooNewLogEventStartIndex: null
    };
}
