using Agent.Events;
using CloudWatch.Wire;

namespace Agent.Upload;

/// <summary>A batch and how often it was tried. For one thread at a time.</summary>
sealed class Flight(EventBatch batch)
{
    public EventBatch Batch { get; } = batch;

    /// <summary>What of it is to be sent: all, until the service took all but what is too new.</summary>
    public EventBatch Rest { get; private set; } = batch;

    /// <summary>What the service rejected for good, as indexes into the whole batch; null when nothing was.</summary>
    public RejectedLogEventsInfo? Rejected { get; private set; }

    public int Tries { get; set; }

    /// <summary>Whether its next try is to tell whether an outage is over.</summary>
    public bool IsProbe { get; set; }

    /// <summary>What is too new is not taken yet, and not lost.</summary>
    /// <returns>What became of the try, considering that.</returns>
    public Outcome KeepTooNew(Outcome outcome)
    {
        if (outcome.Rejected is { TooOldLogEventEndIndex: not null } or { ExpiredLogEventEndIndex: not null })
        {
            NoteRejected(outcome.Rejected);
        }

        if (outcome.Rejected?.TooNewLogEventStartIndex is not { } first || first >= Rest.Events)
        {
            return outcome;
        }

        Rest = TooNew.From(Rest, Math.Max(first, 0));
        return new(Verdict.RetryWhenDue, Fault: TooNew.Fault);
    }

    void NoteRejected(RejectedLogEventsInfo ofRest)
    {
        var before = Batch.Events - Rest.Events;
        Rejected = new()
        {
            TooOldLogEventEndIndex = before + ofRest.TooOldLogEventEndIndex ?? Rejected?.TooOldLogEventEndIndex,
            ExpiredLogEventEndIndex = before + ofRest.ExpiredLogEventEndIndex ?? Rejected?.ExpiredLogEventEndIndex
        };
    }
}
