using Agent.Events;

namespace Agent.Batch;

/// <summary>Puts the log events of a body into the order of their timestamps, which the service demands (API:
/// PutLogEvents). Lines of one log are now and then a little out of order; only such a batch pays for it, with one
/// copy.</summary>
static class BodyOrder
{
    /// <summary>The events of a body by timestamp, those with the same in the order they were written in.</summary>
    /// <param name="body">The events as JSON, comma-separated.</param>
    /// <param name="order">Of each event the index that it had before.</param>
    /// <returns>As many bytes.</returns>
    public static byte[] Sort(ReadOnlySpan<byte> body, out IReadOnlyList<int> order)
    {
        var sorted = new byte[body.Length];
        var written = 0;
        var events = BodyEvents.In(body);
        order = [.. Enumerable.Range(0, events.Count).OrderBy(index => events[index].Stamp)];
        foreach (var index in order)
        {
            var (_, start, length) = events[index];
            if (written > 0)
            {
                sorted[written++] = (byte)',';
            }

            body.Slice(start, length).CopyTo(sorted.AsSpan(written));
            written += length;
        }

        return sorted;
    }
}
