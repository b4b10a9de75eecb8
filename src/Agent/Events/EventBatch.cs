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
    Action Release)
{
    /// <summary>The timestamp of its first event, which is its oldest; milliseconds since 1970, UTC.</summary>
    public long FirstStamp { get; init; }

    /// <summary>Whether one of its events is a document in the embedded metric format.</summary>
    public bool HasMetrics { get; init; }

    /// <summary>How long it is as it travels, before it is compressed.</summary>
    public long BodyBytes => Segments.Sum(segment => (long)segment.Length);

    /// <summary>Where in the file its events begin.</summary>
    public EventStarts Starts { get; init; } = new();

    /// <summary>Some of its events, in the same memory.</summary>
    /// <param name="first">The index of the first of them.</param>
    /// <param name="count">At least one.</param>
    public EventBatch Part(int first, int count)
    {
        if (count == Events)
        {
            return this;
        }

        var events = Table();
        var last = events[first + count - 1];
        return this with
        {
            Segments = Slice(events[first].Start, last.Start + last.Length),
            Events = count,
            FirstStamp = events[first].Stamp
        };
    }

    /// <summary>Timestamp (milliseconds since 1970, UTC), place and length in the body of each of its events.</summary>
    public List<(long Stamp, int Start, int Length)> Table()
    {
        var body = new byte[Segments.Sum(segment => segment.Length)];
        var at = 0;
        foreach (var segment in Segments)
        {
            segment.CopyTo(body.AsMemory(at));
            at += segment.Length;
        }

        return BodyEvents.In(body);
    }

    // The bytes of the body from one on up to another.
    List<ReadOnlyMemory<byte>> Slice(int from, int to)
    {
        List<ReadOnlyMemory<byte>> slice = [];
        var before = 0;
        foreach (var segment in Segments)
        {
            var (start, end) = (Math.Max(from - before, 0), Math.Min(to - before, segment.Length));
            if (start < end)
            {
                slice.Add(segment[start..end]);
            }

            before += segment.Length;
        }

        return slice;
    }
}
