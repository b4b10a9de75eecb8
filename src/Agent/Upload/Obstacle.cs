using Agent.Events;

namespace Agent.Upload;

/// <summary>What keeps lines from being delivered: of which kind it is, and what a person can do about it.</summary>
static class Obstacle
{
    // Source: CloudWatch Logs API reference, "Common Errors".
    static readonly string[] Keys =
    [
        "UnrecognizedClient", "InvalidSignature", "SignatureDoesNotMatch", "IncompleteSignature",
        "InvalidClientTokenId", "MissingAuthenticationToken"
    ];

    static readonly string[] Rights = ["AccessDenied", "Unauthorized", "NotAuthorized", "OptInRequired"];

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
        _ when IsOf(outcome, Keys) => "credentials",
        _ when IsOf(outcome, Rights) => "permission",
        _ => "service"
    };

    static string RemedyOf(Outcome outcome) => CauseOf(outcome) switch
    {
        "network" => "vigil doctor looks at the name, the connection and TLS one by one",
        "throttling" => "fewer requests are sent until the service takes them; if it stays so, ask for a higher quota "
            + "of PutLogEvents",
        "credentials" => "vigil doctor tells whose they are, and whether the clock is right",
        "permission" => "vigil iam-policy prints the policy that is needed",
        _ => ""
    };

    // By the type, which is what the text begins with.
    static bool IsOf(Outcome outcome, string[] types) =>
        outcome.Verdict == Verdict.RetryLater && Array.Exists(types, outcome.Fault.StartsWith);
}
