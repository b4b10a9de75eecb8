namespace Agent.Batch;

/// <summary>The log events of a batch as JSON, comma-separated, in rented memory.</summary>
/// <param name="Release">Gives the memory back.</param>
sealed record FinishedBody(IReadOnlyList<ReadOnlyMemory<byte>> Segments, int Events, Action Release);
