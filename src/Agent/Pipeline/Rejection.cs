using Agent.Events;
using CloudWatch.Wire;

namespace Agent.Pipeline;

/// <summary>Events that the service took the batch of, but not them (API: PutLogEvents,
/// rejectedLogEventsInfo).</summary>
static class Rejection
{
    /// <summary>The record of what was rejected. It names the batch's whole range: which of its events were refused
    /// is in the reason.</summary>
    public static Gap GapOf(EventBatch batch, RejectedLogEventsInfo rejected, DateTimeOffset at)
    {
        List<string> parts = [];
        if (rejected.TooOldLogEventEndIndex is { } tooOld)
        {
            parts.Add($"its first {tooOld} as older than 14 days");
        }

        if (rejected.ExpiredLogEventEndIndex is { } expired)
        {
            parts.Add($"its first {expired} as older than the log group's retention");
        }

        if (rejected.TooNewLogEventStartIndex is { } tooNew)
        {
            parts.Add($"its last {batch.Events - tooNew} as more than 2 hours ahead");
        }

        return new(
            batch.End.SourcePath, batch.End.LogGroup, batch.End.LogStream, batch.End.Identity, batch.StartBytes,
            batch.End.OffsetBytes, $"of {batch.Events} log events the service rejected {string.Join(", ", parts)}", at);
    }
}
