namespace Agent.Upload;

/// <summary>What all senders share.</summary>
/// <param name="Turns">Of all that send with the same credentials, as the shares are.</param>
/// <param name="Stopping">Sending ends, whatever is still on its way: nothing is resolved by it.</param>
/// <param name="Outage">Of the one endpoint that all of them send to.</param>
/// <param name="Time">The service's time, as far as it is known.</param>
/// <param name="ServiceNow">The same; null while nobody knows it.</param>
/// <param name="Died">Told of an error that nobody foresaw; the agent must not go on half alive.</param>
sealed record Sending(
    PutEvents Put,
    SendTurns Turns,
    SendShares Shares,
    TargetCreation Creation,
    GroupSettings Settings,
    DeliveryLog Log,
    Backoff Backoff,
    Outage Outage,
    TimeProvider Time,
    Func<DateTimeOffset?> ServiceNow,
    Action<Exception> Died,
    CancellationToken Stopping);
