using System.Buffers.Text;

namespace Agent.Batch;

/// <summary>Puts the log events of a body into the order of their timestamps, which the service demands (API:
/// PutLogEvents). Lines of one log are now and then a little out of order; only such a batch pays for it, with one
/// copy.</summary>
static class BodyOrder
{
    // A quote inside a message is escaped, so this stands only where an event begins.
    static ReadOnlySpan<byte> EventStart => "{\"timestamp\":"u8;

    /// <summary>The events of a body by timestamp, those with the same in the order they were written in.</summary>
    /// <param name="body">The events as JSON, comma-separated.</param>
    /// <returns>As many bytes.</returns>
    public static byte[] Sort(ReadOnlySpan<byte> body)
    {
        var sorted = new byte[body.Length];
        var written = 0;
        foreach (var (_, start, length) in EventsIn(body).OrderBy(one => one.Stamp))
        {
            if (written > 0)
            {
                sorted[written++] = (byte)',';
            }

            body.Slice(start, length).CopyTo(sorted.AsSpan(written));
            written += length;
        }

        return sorted;
    }

    static List<(long Stamp, int Start, int Length)> EventsIn(ReadOnlySpan<byte> text)
    {
        List<(long, int, int)> events = [];
        for (var start = 0; start < text.Length;)
        {
            var rest = text[start..];
            _ = Utf8Parser.TryParse(rest[EventStart.Length..], out long stamp, out _);
            var next = rest[EventStart.Length..].IndexOf(EventStart);
            var length = next < 0 ? rest.Length : EventStart.Length + next - 1; // without the comma
            events.Add((stamp, start, length));
            start += length + 1;
        }

        return events;
    }
}
