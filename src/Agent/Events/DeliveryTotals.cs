namespace Agent.Events;

/// <summary>What was delivered since the start.</summary>
/// <param name="Bytes">As it travels, before it is compressed.</param>
/// <param name="Retries">Requests that were another try.</param>
readonly record struct DeliveryTotals(long Events, long Bytes, long Retries)
{
    /// <summary>The same with what one sender delivered.</summary>
    public DeliveryTotals And(DeliveryStatus? status) => status is null ? this
        : new(Events + status.Events, Bytes + status.Bytes, Retries + status.Retries);
}
