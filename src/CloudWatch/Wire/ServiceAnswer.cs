using System.Net;

namespace CloudWatch.Wire;

/// <summary>What came back from the service, read far enough to decide on: plain success, or an error with its
/// type.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body in UTF-8; empty for a success that nobody needs to read further.</param>
/// <param name="RequestId">What the service's support asks for.</param>
/// <param name="RetryAfter">How long the service, or something before it, asks us to wait.</param>
public sealed record ServiceAnswer(
    HttpStatusCode Status, ReadOnlyMemory<byte> Body, string? RequestId = null, TimeSpan? RetryAfter = null)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>What an answer that is no success says went wrong.</summary>
    public ServiceError ReadError() => ServiceError.Read(Body.Span);

    /// <summary>The error in one line, for a person; without what it quotes of a log event.</summary>
    public string ErrorText() =>
        ReadError() is { Type: { } type } error ? $"{type}: {WithoutLogText(error.Message)}" : $"HTTP {(int)Status}";

    /// <summary>A message without what it quotes of a log event: that is a customer's text, and says nothing of what is
    /// wrong.</summary>
    public static string? WithoutLogText(string? message)
    {
        const string Before = "Value '";
        var from = message?.IndexOf(Before, StringComparison.Ordinal) ?? -1;
        var to = message?.LastIndexOf("' at 'logEvents", StringComparison.Ordinal) ?? -1;
        return from >= 0 && to > from ? $"{message![..(from + Before.Length)]}…{message[to..]}" : message;
    }
}
