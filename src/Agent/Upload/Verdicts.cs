using System.Net;
using CloudWatch.Wire;

namespace Agent.Upload;

/// <summary>Turns an answer into a verdict. No answer at all (a reset, a time-out) is always
/// <see cref="Verdict.RetrySoon"/>. Sources: the API reference's errors of PutLogEvents and the common
/// errors.</summary>
static class Verdicts
{
    public static Verdict Of(ServiceAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return answer.Body.Span.IndexOf("rejectedLogEventsInfo"u8) < 0 ? Verdict.Accepted : Verdict.AcceptedInPart;
        }

        // The type decides where there is one: the same trouble comes with different statuses.
        return OfType(answer.ReadError().Type) ?? OfStatus(answer.Status);
    }

    static Verdict? OfType(string? type) => type switch
    {
        ErrorTypes.ResourceNotFound => Verdict.CreateTarget,
        ErrorTypes.ExpiredToken or "ExpiredToken" => Verdict.RefreshCredentials,
        ErrorTypes.Throttling or "Throttling" or "ThrottledException" or "RequestThrottled" or "SlowDown"
            or "TooManyRequestsException" or "RequestLimitExceeded" or "BandwidthLimitExceeded" => Verdict.RetrySoon,
        ErrorTypes.ServiceUnavailable or ErrorTypes.InternalServer or "InternalFailure" or "ServiceUnavailable"
            or "RequestTimeout" or "RequestTimeoutException" or ErrorTypes.OperationAborted => Verdict.RetrySoon,
        _ => null
    };

    static Verdict OfStatus(HttpStatusCode status) => status switch
    {
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => Verdict.RetrySoon,
        >= HttpStatusCode.InternalServerError => Verdict.RetrySoon,
        _ => Verdict.RetryLater
    };
}
