namespace Agent.Batch;

/// <summary>The log events of a batch as JSON, comma-separated, in rented memory.</summary>
/// <param name="FirstStamp">The timestamp of the first of them, which is the oldest.</param>
/// <param name="Order">Of each event the index at which it was added; null where all are in that order.</param>
/// <param name="Release">Gives the memory back.</param>
sealed record FinishedBody(
    IReadOnlyList<ReadOnlyMemory<byte>> Segments, int Events, long FirstStamp, IReadOnlyList<int>? Order,
    Action Release);
