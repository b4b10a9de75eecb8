using CloudWatch.Wire;

namespace Agent.Upload;

/// <summary>What became of one try to send a batch.</summary>
/// <param name="Verdict">What the answer means.</param>
/// <param name="Rejected">What the service rejected of a batch that it took.</param>
/// <param name="Fault">Why it was not taken, in words.</param>
/// <param name="RetryAfter">What the service asked for.</param>
/// <param name="Reach">How far the request came.</param>
sealed record Outcome(
    Verdict Verdict, RejectedLogEventsInfo? Rejected = null, string Fault = "", TimeSpan? RetryAfter = null,
    Reach Reach = Reach.Answered)
{
    public bool IsTaken => Verdict is Verdict.Accepted or Verdict.AcceptedInPart;

    /// <summary>Whether there is no telling when it can be sent: somebody must change something first.</summary>
    public bool IsDenial => Verdict == Verdict.RetryLater || Reach == Reach.NotSent;

    /// <summary>How many of so many events the service took.</summary>
    public int TakenOf(int events)
    {
        var (first, end) = Rejected?.StoredOf(events) ?? (0, events);
        return end - first;
    }
}
