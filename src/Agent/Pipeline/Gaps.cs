using Agent.Checkpoint;
using Agent.Events;

namespace Agent.Pipeline;

/// <summary>The records of what will never be delivered, one form for each way to lose it.</summary>
static class Gaps
{
    /// <summary>A file was truncated before it was read to its end.</summary>
    /// <param name="at">How far it could be read, in the file itself or in a copy of it.</param>
    /// <param name="knownBytes">The longest it was seen to be.</param>
    public static Gap Truncated(FilePosition at, long knownBytes, DateTimeOffset now) => Of(
        at, at.OffsetBytes, knownBytes > at.OffsetBytes ? knownBytes : null,
        knownBytes > at.OffsetBytes
            ? "the file was truncated before it was read"
            : "the file was truncated; all that was seen in it was read, but what may have been written to it after "
                + "the last look is nowhere",
        now);

    /// <summary>A part of a file is gone before it was read.</summary>
    public static Gap Cut(FilePosition at, long from, long? to, string reason, DateTimeOffset now) =>
        Of(at, from, to, reason, now);

    /// <summary>The file is nowhere.</summary>
    /// <param name="knownBytes">The longest it was seen to be.</param>
    /// <param name="unreadable">A file beside it that may hold what is missing, in a form that cannot be read; null
    /// when there is none.</param>
    public static Gap Gone(FilePosition at, long knownBytes, string? unreadable, DateTimeOffset now) => Of(
        at, at.OffsetBytes, knownBytes > at.OffsetBytes ? knownBytes : null,
        "while nobody looked the file was truncated, replaced or deleted, and "
        + (unreadable is null
            ? "no copy of it lies beside it"
            : $"no readable copy of it lies beside it; {unreadable} may be one, but only gzip is decompressed"), now);

    /// <summary>A file came and went while nobody looked, and cannot be read now.</summary>
    public static Gap Unreadable(FilePosition at, string path, DateTimeOffset now) => Of(
        at, 0, null,
        $"{path} was rotated while nobody looked and cannot be read; of compressed files only gzip is", now);

    /// <summary>A file that is read in another form holds less than it should.</summary>
    public static Gap Broken(FilePosition at, string fault, DateTimeOffset now) => Of(
        at, at.OffsetBytes, null, $"what follows cannot be read: {fault}", now);

    /// <summary>The service will never take some events of a batch: they are kept.</summary>
    public static Gap Dead(EventBatch batch, DeadEvents dead, DateTimeOffset now)
    {
        var (from, to) = batch.Starts.RangeOf(dead.First, dead.Count, batch.End.OffsetBytes - batch.StartBytes);
        var body = LetterBody.Pack(batch.Part(dead.First, dead.Count).Segments);
        return Of(batch.End, batch.StartBytes + from, batch.StartBytes + to, dead.Reason, now) with
        {
            DeadLetter = new(0, dead.Count, body.Length, body)
        };
    }

    static Gap Of(FilePosition position, long from, long? to, string reason, DateTimeOffset now) => new(
        position.SourcePath, position.LogGroup, position.LogStream, position.Identity, from, to, reason, now);
}
