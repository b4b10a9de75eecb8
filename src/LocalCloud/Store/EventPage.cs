using System.Runtime.InteropServices;
using CloudWatch;

namespace LocalCloud.Store;

/// <summary>The events of one answer, in the order in which they were read: at most as many and as large as the
/// service puts on a page. Their messages are copied out of the database, so that a slow caller holds no
/// snapshot.</summary>
sealed class EventPage(int limit) : IDisposable
{
    readonly List<Entry> _entries = [];
    readonly PooledBuffer _messages = new();
    int _bytes;

    public int Count => _entries.Count;

    /// <summary>Takes an event, unless the page is full. The first one is taken whatever its size.</summary>
    public bool TryAdd(EventPosition position, long streamId, ReadOnlySpan<byte> message)
    {
        var size = message.Length + Limits.EventOverheadBytes;
        if (Count >= limit || (Count > 0 && _bytes + size > Limits.EventsPageBytes))
            return false;

        _entries.Add(new(position, streamId, _messages.Length, message.Length));
        _messages.Write(message);
        _bytes += size;
        return true;
    }

    public EventPosition PositionAt(int index) => _entries[index].Position;

    public long StreamAt(int index) => _entries[index].StreamId;

    public ReadOnlySpan<byte> MessageAt(int index) =>
        _messages.Written.Span.Slice(_entries[index].Offset, _entries[index].Length);

    public void Dispose() => _messages.Dispose();

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Entry(EventPosition Position, long StreamId, int Offset, int Length);
}
