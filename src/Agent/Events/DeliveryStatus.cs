namespace Agent.Events;

/// <summary>How the sending of one file's batches goes.</summary>
/// <param name="OnTheirWay">Requests without an answer so far.</param>
/// <param name="Waiting">Batches that wait for their turn or their next try.</param>
/// <param name="LastDelivered">When the service last took a batch.</param>
/// <param name="Fault">Why the service takes none at present; null while it does.</param>
sealed record DeliveryStatus(
    int OnTheirWay,
    int Waiting,
    long Events,
    long Batches,
    DateTimeOffset? LastDelivered,
    DeliveryFault? Fault)
{
    /// <summary>Where nothing is sent.</summary>
    public static DeliveryStatus None { get; } = new(0, 0, 0, 0, null, null);

    /// <summary>What was delivered in all, as it travels.</summary>
    public long Bytes { get; init; }

    /// <summary>Of late.</summary>
    public double EventsPerSecond { get; init; }

    /// <summary>Of late, as it travels.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Requests that were another try.</summary>
    public long Retries { get; init; }

    /// <summary>Requests that the service throttled.</summary>
    public long Throttled { get; init; }
}

/// <summary>Why nothing is delivered.</summary>
/// <param name="Tries">How often it was tried since.</param>
sealed record DeliveryFault(string What, DateTimeOffset Since, int Tries)
{
    /// <summary>network, credentials, permission, throttling or service.</summary>
    public string Cause { get; init; } = "";

    /// <summary>What a person can do; empty where there is nothing to be done but to wait.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>For a person.</summary>
    public string Text => Remedy.Length == 0 ? What : $"{Cause}: {What} ({Remedy})";
}
