using System.Text.Json.Serialization;

namespace LocalCloud.Faults;

/// <summary>One way in which requests fail. A rule that fits a request and whose dice fall does one thing: an error, a
/// cut, a lost answer or a bound on the rate end the request; latency and a drip go on to the next rule.</summary>
public sealed record FaultRule
{
    /// <summary>Only this action, such as PutLogEvents; null is any.</summary>
    public string? Action { get; init; }

    /// <summary>Only requests with this text in their body.</summary>
    public string? Contains { get; init; }

    /// <summary>Of the requests that fit, from 0 to 1; null is all.</summary>
    public double? Share { get; init; }

    /// <summary>How often at most; null is without end.</summary>
    public int? Times { get; init; }

    /// <summary>Answers with an error of this type, such as ThrottlingException, and does nothing else.</summary>
    public string? Error { get; init; }

    /// <summary>The error's HTTP status; 400 unless said.</summary>
    public int? Status { get; init; }

    /// <summary>The error's message.</summary>
    public string? Message { get; init; }

    /// <summary>Cuts the connection before anything is done.</summary>
    public bool Cut { get; init; }

    /// <summary>Does what was asked and cuts the connection instead of answering.</summary>
    public bool DropAnswer { get; init; }

    /// <summary>Lets so many requests through in a second and answers the others with ThrottlingException.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>Waits before anything is done.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>Sends the answer a byte at a time, so many milliseconds apart.</summary>
    public int? DripMs { get; init; }

    /// <summary>How many of the things that a rule may do it does.</summary>
    [JsonIgnore]
    public int Effects =>
        (Error is null ? 0 : 1) + (Cut ? 1 : 0) + (DropAnswer ? 1 : 0) + (RequestsPerSecond is null ? 0 : 1)
        + (LatencyMs is null ? 0 : 1) + (DripMs is null ? 0 : 1);
}
