using System.Net;
using CloudWatch.Wire;

namespace LocalCloud.Api;

/// <summary>A request that gets an error for an answer.</summary>
sealed class RefusedException(string type, string message, HttpStatusCode status = HttpStatusCode.BadRequest)
    : Exception(message)
{
    /// <summary>One of <see cref="ErrorTypes"/>.</summary>
    public string Type => type;

    public HttpStatusCode Status => status;

    public static RefusedException Invalid(string message) => new(ErrorTypes.InvalidParameter, message);

    public static RefusedException NoGroup() =>
        new(ErrorTypes.ResourceNotFound, "The specified log group does not exist.");

    public static RefusedException NoStream() =>
        new(ErrorTypes.ResourceNotFound, "The specified log stream does not exist.");

    public static RefusedException NotTheJsonExpected(string detail) => new(ErrorTypes.Serialization, detail);

    public static RefusedException BadToken() => Invalid("The specified nextToken is invalid.");
}
