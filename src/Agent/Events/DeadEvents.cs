namespace Agent.Events;

/// <summary>Log events of a batch that the service will never take.</summary>
/// <param name="First">The index of the first of them in the batch.</param>
/// <param name="Reason">In words.</param>
sealed record DeadEvents(int First, int Count, string Reason)
{
    /// <summary>The index after the last.</summary>
    public int End => First + Count;
}
