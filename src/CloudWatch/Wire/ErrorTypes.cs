namespace CloudWatch.Wire;

/// <summary>The names an error answer carries in its <c>__type</c>. Source: the API model's error shapes and, for the
/// errors that every AWS service shares, the API reference's "Common errors".</summary>
public static class ErrorTypes
{
    public const string InvalidParameter = "InvalidParameterException";
    public const string ResourceNotFound = "ResourceNotFoundException";
    public const string ResourceAlreadyExists = "ResourceAlreadyExistsException";
    public const string LimitExceeded = "LimitExceededException";
    public const string OperationAborted = "OperationAbortedException";
    public const string ServiceUnavailable = "ServiceUnavailableException";
    public const string InternalServer = "InternalServerException";
    public const string Throttling = "ThrottlingException";
    public const string AccessDenied = "AccessDeniedException";
    public const string UnrecognizedClient = "UnrecognizedClientException";
    public const string InvalidSignature = "InvalidSignatureException";
    public const string IncompleteSignature = "IncompleteSignatureException";
    public const string MissingAuthenticationToken = "MissingAuthenticationTokenException";
    public const string ExpiredToken = "ExpiredTokenException";
    public const string UnknownOperation = "UnknownOperationException";
    public const string Serialization = "SerializationException";
    public const string Validation = "ValidationException";

    /// <summary>Whether a signature may have been refused for the time it was made at. Source: the API reference's
    /// "Common errors" (RequestExpired), and the SDKs' lists of clock-skew errors.</summary>
    public static bool IsOfTheClock(string? type) =>
        type is InvalidSignature or "SignatureDoesNotMatch" or "RequestExpired" or "RequestTimeTooSkewed"
            or "RequestInTheFuture";

    /// <summary>Whether fresh credentials may help. Services spell this one in two ways.</summary>
    public static bool IsExpiredToken(string? type) => type is ExpiredToken or "ExpiredToken";
}
