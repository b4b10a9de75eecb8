using System.IO.Compression;

namespace EndToEnd.Tests.Support;

/// <summary>What a service behind a proxy has taken, and what of it the sender was not told. Any thread may
/// call.</summary>
sealed class ForwardedCount
{
    readonly Lock _lock = new();

    public int Batches { get; private set; }

    public int Events { get; private set; }

    /// <summary>Batches that were taken and whose answer was lost: their sender has to send them again.</summary>
    public int LostAnswers { get; private set; }

    /// <summary>The events of those.</summary>
    public int LostEvents { get; private set; }

    /// <summary>A batch was taken; until it is said to be answered its answer counts as lost.</summary>
    /// <returns>How many events it has.</returns>
    public int Took(byte[] body)
    {
        var events = EventsIn(body);
        using var held = _lock.EnterScope();
        (Batches, Events) = (Batches + 1, Events + events);
        (LostAnswers, LostEvents) = (LostAnswers + 1, LostEvents + events);
        return events;
    }

    /// <param name="events">What <see cref="Took"/> returned; 0 is no batch.</param>
    public void Answered(int events)
    {
        using var held = _lock.EnterScope();
        (LostAnswers, LostEvents) = (LostAnswers - (events > 0 ? 1 : 0), LostEvents - events);
    }

    // In a message this could only stand with its quotes escaped.
    static int EventsIn(byte[] body) =>
        (body is [0x1f, 0x8b, ..] ? Unpacked(body) : body).AsSpan().Count("\"timestamp\":"u8);

    static byte[] Unpacked(byte[] body)
    {
        using var unpacked = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
