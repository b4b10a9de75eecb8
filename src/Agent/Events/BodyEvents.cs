using System.Buffers.Text;

namespace Agent.Events;

/// <summary>Finds the log events in a body: JSON, comma-separated, each beginning with its timestamp.</summary>
static class BodyEvents
{
    // A quote inside a message is escaped, so this stands only where an event begins.
    static ReadOnlySpan<byte> EventStart => "{\"timestamp\":"u8;

    /// <summary>Timestamp (milliseconds since 1970, UTC), place and length of each event, in the body's order.
    /// </summary>
    public static List<(long Stamp, int Start, int Length)> In(ReadOnlySpan<byte> body)
    {
        List<(long, int, int)> events = [];
        for (var start = 0; start < body.Length;)
        {
            var rest = body[start..];
            var next = rest[EventStart.Length..].IndexOf(EventStart);
            var length = next < 0 ? rest.Length : EventStart.Length + next - 1; // without the comma
            events.Add((StampOf(rest), start, length));
            start += length + 1;
        }

        return events;
    }

    /// <summary>The timestamp of the event that text begins with.</summary>
    public static long StampOf(ReadOnlySpan<byte> text)
    {
        _ = Utf8Parser.TryParse(text[EventStart.Length..], out long stamp, out _);
        return stamp;
    }
}
