namespace Agent.Events;

/// <summary>A batch of log events that is ready to be sent: JSON in pooled memory, and where in the file it came
/// from. Whoever resolves it returns the memory, once.</summary>
/// <param name="Segments">The log events as JSON, comma-separated.</param>
/// <param name="Events">How many log events it carries; never 0.</param>
/// <param name="StartBytes">The file offset at which its first event begins.</param>
/// <param name="End">The position to commit once this batch and all before it are resolved.</param>
/// <param name="IsFull">Closed because a limit of the service was reached, not because time was up.</param>
/// <param name="Release">Gives the memory back.</param>
sealed record EventBatch(
    IReadOnlyList<ReadOnlyMemory<byte>> Segments,
    int Events,
    long StartBytes,
    FilePosition End,
    bool IsFull,
    Action Release);
