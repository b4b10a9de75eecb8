using System.Runtime.InteropServices;
namespace LocalCloud.Store;

/// <summary>A log event that is being put: its time, and where its message lies in the request's bytes.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct IncomingEvent(long Timestamp, int Offset, int Length);

/// <summary>Which events to read, and in which direction.</summary>
/// <param name="StreamId">Null for all streams of the group.</param>
/// <param name="From">Where the page before ended; itself excluded.</param>
/// <param name="Start">The first timestamp, inclusive.</param>
/// <param name="End">The last timestamp, exclusive.</param>
sealed record EventRange(
    long GroupId, long? StreamId, EventPosition? From, long Start, long End, bool Backwards);

/// <summary>The log events.</summary>
static class EventTable
{
    /// <summary>Stores events in their order, as one put.</summary>
    /// <param name="bytes">What the events' offsets count in.</param>
    public static void Append(
        Connection connection, long groupId, long streamId, long ingested,
        ReadOnlySpan<byte> bytes, ReadOnlySpan<IncomingEvent> events)
    {
        var sequence = NextPut(connection) * EventPosition.SequencesPerPut;
        var size = 0L;
        var insert = connection.Prepare("INSERT INTO events VALUES(?, ?, ?, ?, ?, ?)")
            .Bind(0, groupId).Bind(2, ingested).Bind(4, streamId);
        foreach (var item in events)
        {
            insert.Bind(1, item.Timestamp).Bind(3, sequence++).Bind(5, bytes.Slice(item.Offset, item.Length)).Step();
            size += item.Length + CloudWatch.Limits.EventOverheadBytes;
        }

        StreamTable.Grow(connection, streamId, events[0].Timestamp, events[^1].Timestamp, ingested, size);
    }

    /// <summary>A statement at the start of a range; its columns are those of <see cref="PositionOf"/>, then the
    /// stream's id and the message. The caller resets it.</summary>
    public static Statement Read(Connection connection, EventRange range)
    {
        var (low, high) = (EventPosition.Before(range.Start), EventPosition.Before(range.End));
        if (range.From is { } from)
        {
            low = !range.Backwards && from > low ? from : low;
            high = range.Backwards && from < high ? from : high;
        }

        return connection.Prepare(Sql(range.StreamId is not null, range.Backwards))
            .Bind(0, range.StreamId ?? range.GroupId)
            .Bind(1, low.Timestamp).Bind(2, low.Ingested).Bind(3, low.Sequence)
            .Bind(4, high.Timestamp).Bind(5, high.Ingested).Bind(6, high.Sequence);
    }

    public static EventPosition PositionOf(Statement row) => new(row.Long(0), row.Long(1), row.Long(2));

    /// <summary>The time of a stream's first event from a time on.</summary>
    public static long? FirstFrom(Connection connection, long streamId, long timestamp)
    {
        var statement = connection.Prepare(
            "SELECT min(timestamp) FROM events WHERE stream_id = ? AND timestamp >= ?")
            .Bind(0, streamId).Bind(1, timestamp);
        statement.Step();
        var first = statement.LongOrNull(0);
        statement.Reset();
        return first;
    }

    // INDEXED BY: were the planner ever to take the other tree, one page would read the whole group.
    static string Sql(bool ofStream, bool backwards) =>
        $"""
        SELECT timestamp, ingested, sequence, stream_id, message
        FROM events {(ofStream ? "INDEXED BY events_of_stream WHERE stream_id" : "NOT INDEXED WHERE group_id")} = ?
            AND (timestamp, ingested, sequence) > (?, ?, ?) AND (timestamp, ingested, sequence) < (?, ?, ?)
        ORDER BY {(backwards ? "timestamp DESC, ingested DESC, sequence DESC" : "timestamp, ingested, sequence")}
        """;

    static long NextPut(Connection connection)
    {
        var statement = connection.Prepare("UPDATE puts SET last = last + 1 RETURNING last");
        statement.Step();
        var number = statement.Long(0);
        statement.Step();
        return number;
    }
}
