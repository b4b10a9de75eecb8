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
    DeliveryFault? Fault);

/// <summary>Why nothing is delivered.</summary>
/// <param name="Tries">How often it was tried since.</param>
sealed record DeliveryFault(string What, DateTimeOffset Since, int Tries);
