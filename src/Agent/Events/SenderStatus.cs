namespace Agent.Events;

/// <summary>What is sent with one set of credentials.</summary>
/// <param name="OnTheirWay">Requests without an answer so far.</param>
/// <param name="RequestsPerSecond">What the service allows while it throttles; null while it does not.</param>
/// <param name="Requests">How many there were.</param>
/// <param name="Throttled">How many of them the service throttled.</param>
sealed record SenderStatus(int OnTheirWay, double? RequestsPerSecond, long Requests, long Throttled)
{
    /// <summary>The role that is assumed; null where the host's own credentials are used.</summary>
    public string? Role { get; init; }

    /// <summary>Whose they are; null while nothing was signed.</summary>
    public CredentialStatus? Credentials { get; init; }
}

/// <param name="Source">Where they were found.</param>
/// <param name="KeyId">The access key's id, of which the middle is left out.</param>
/// <param name="Expires">Null where they do not, or nobody knows.</param>
sealed record CredentialStatus(string Source, string KeyId, DateTimeOffset? Expires);
