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
        var body = answer.Body.Span;
        if (!answer.IsSuccess)
        {
            // The type decides where there is one: the same trouble comes with different statuses.
            var error = answer.ReadError();
            return OfType(error.Type, error.Message) ?? OfStatus(answer.Status);
        }

        return !IsOfTheService(answer) ? Verdict.RetrySoon
            : body.IndexOf("rejectedLogEventsInfo"u8) < 0 ? Verdict.Accepted
            : Verdict.AcceptedInPart;
    }

    /// <summary>What it means for a batch that the group or the stream it is for could not be made. No part of the
    /// batch would fare better.</summary>
    public static Verdict OfCreation(ServiceAnswer answer) => Of(answer) switch
    {
        var same and (Verdict.RetrySoon or Verdict.SlowDown or Verdict.RefreshCredentials) => same,
        Verdict.CreateTarget => Verdict.RetrySoon, // the group was deleted in between
        _ => Verdict.RetryLater
    };

    // A proxy, a login page or a health check that answers in the service's place says 200, too. The service gives
    // every answer an id, and PutLogEvents a token.
    static bool IsOfTheService(ServiceAnswer answer) =>
        answer.Body.Span.IndexOf("\"nextSequenceToken\""u8) >= 0
        || (answer.RequestId is not null && answer.Body.Span is [] or [(byte)'{', ..]);

    // A name that the service refuses is in every batch: no event is to blame for it.
    static Verdict OfInvalid(string? message)
    {
        var said = ServiceAnswer.WithoutLogText(message) ?? "";
        return said.Contains("logGroupName", StringComparison.OrdinalIgnoreCase)
            || said.Contains("logStreamName", StringComparison.OrdinalIgnoreCase)
            || said.Contains("'entity", StringComparison.OrdinalIgnoreCase)
                ? Verdict.RetryLater
                : Verdict.Split;
    }

    static Verdict? OfType(string? type, string? message) => type switch
    {
        ErrorTypes.InvalidParameter => OfInvalid(message),
        ErrorTypes.ResourceNotFound => Verdict.CreateTarget,
        _ when ErrorTypes.IsExpiredToken(type) => Verdict.RefreshCredentials,
        ErrorTypes.Throttling or "Throttling" or "ThrottledException" or "RequestThrottled" or "SlowDown"
            or "TooManyRequestsException" or "RequestLimitExceeded" or "BandwidthLimitExceeded" => Verdict.SlowDown,
        ErrorTypes.ServiceUnavailable or ErrorTypes.InternalServer or "InternalFailure" or "ServiceUnavailable"
            or "RequestTimeout" or "RequestTimeoutException" or ErrorTypes.OperationAborted => Verdict.RetrySoon,
        _ => null
    };

    static Verdict OfStatus(HttpStatusCode status) => status switch
    {
        HttpStatusCode.RequestTimeout => Verdict.RetrySoon,
        HttpStatusCode.TooManyRequests => Verdict.SlowDown,
        HttpStatusCode.RequestEntityTooLarge => Verdict.SendLess,
        >= HttpStatusCode.InternalServerError => Verdict.RetrySoon,
        _ => Verdict.RetryLater
    };
}
