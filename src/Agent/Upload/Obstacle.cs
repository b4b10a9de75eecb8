using Agent.Events;

namespace Agent.Upload;

/// <summary>What keeps lines from being delivered: of which kind it is, and what a person can do about it.</summary>
static class Obstacle
{
    public static DeliveryFault Of(Outcome outcome, DateTimeOffset since, int tries) =>
        new(outcome.Fault, since, tries)
        {
            Cause = CauseOf(outcome),
            Remedy = RemedyOf(outcome)
        };

    static string CauseOf(Outcome outcome) => outcome switch
    {
        { Reach: Reach.Silent } => "network",
        { Reach: Reach.NotSent } or { Verdict: Verdict.RefreshCredentials } => "credentials",
        { Verdict: Verdict.SlowDown } => "throttling",
        _ when IsForbidden(outcome) => "permission",
        _ => "service"
    };

    static string RemedyOf(Outcome outcome) => CauseOf(outcome) switch
    {
        "network" => "vigil doctor looks at the name, the connection and TLS one by one",
        "throttling" => "fewer requests are sent until the service takes them; if it stays so, ask for a higher quota "
            + "of PutLogEvents",
        "permission" => "vigil iam-policy prints the policy that is needed",
        _ => ""
    };

    // By the type, which is what the text begins with: AccessDeniedException, AccessDenied, UnauthorizedOperation.
    static bool IsForbidden(Outcome outcome) =>
        outcome.Verdict == Verdict.RetryLater
        && (outcome.Fault.StartsWith("AccessDenied", StringComparison.Ordinal)
            || outcome.Fault.StartsWith("Unauthorized", StringComparison.Ordinal)
            || outcome.Fault.StartsWith("NotAuthorized", StringComparison.Ordinal));
}
