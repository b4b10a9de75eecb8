using System.Buffers.Text;
using Agent.Events;
using CloudWatch;

namespace Agent.Batch;

/// <summary>Builds the part of a PutLogEvents body that follows the names of group and stream, within the limits of
/// the service. The bytes are JSON from the start: an event is never an object, and its text never a string.</summary>
sealed class BatchBuilder
{
    // An escape makes six bytes of one. A batch that swells must be closed before it costs several times its share.
    const int WireBytes = 2 << 20;

    // Whose last batch was as long will have a long one again.
    const int Much = Slab.MostSegments * SegmentPool.SegmentBytes / 2;

    const int LongestHead = 64;

    static readonly long MostSpan = (long)Limits.BatchSpan.TotalMilliseconds;

    readonly SegmentPool _pool;
    readonly Func<bool> _mayOverdraw;
    SegmentedBody _body;
    readonly byte[] _head = new byte[LongestHead]; // of an event with the last stamp
    int _headBytes;
    long _headStamp;
    long _countedBytes;
    Line _line; // the last
    long _oldestStamp;
    long _newestStamp;
    bool _isOutOfOrder;

    readonly record struct Line(
        int BodyBytes, int CountedBytes, long OldestBefore, long NewestBefore, bool WasOutOfOrder);

    /// <param name="mayOverdraw">Whether a batch may begin though the memory budget is used up. A stream that has
    /// nothing on its way may: however much the others hold, it goes on, if only by an event at a time.</param>
    public BatchBuilder(SegmentPool pool, Func<bool> mayOverdraw)
    {
        _pool = pool;
        _mayOverdraw = () => Events == 0 && mayOverdraw();
        _body = new(pool, _mayOverdraw);
    }

    public int Events { get; private set; }

    /// <summary>Adds an event. A stamp may lie before that of the event before it: the batch is put in order when it is
    /// finished.</summary>
    /// <param name="message">UTF-8, at least one and at most <see cref="Limits.EventBytes"/> bytes.</param>
    public AppendOutcome TryAppend(ReadOnlySpan<byte> message, long stamp)
    {
        var counted = message.Length + Limits.EventOverheadBytes;
        if (Events > 0 && (Events == Limits.BatchEvents || _countedBytes + counted > Limits.BatchBytes
            || _body.LengthBytes >= WireBytes || SpanWith(stamp) > MostSpan))
        {
            return AppendOutcome.Full;
        }

        var before = _body.LengthBytes;
        if (!TryWriteEvent(message, stamp))
        {
            _body.RollBackTo(before);
            return AppendOutcome.NoMemory;
        }

        if (Events == 0)
        {
            (_oldestStamp, _newestStamp, _isOutOfOrder) = (stamp, stamp, false);
        }

        Count(counted, stamp);
        return AppendOutcome.Appended;
    }

    /// <summary>Adds a line as an event, not the first: in one pass over its bytes, and without a word on why not.
    /// Whoever is refused asks <see cref="TryAppend"/>.</summary>
    /// <param name="from">Where among the lines it begins, in bytes.</param>
    /// <returns>How many bytes were taken, the line end included; 0 when nothing was.</returns>
    public int TryAppendLine(scoped in EventLines lines, int from)
    {
        var stamp = lines.StampAt(from);
        if (Events is 0 or Limits.BatchEvents || _body.LengthBytes >= WireBytes || SpanWith(stamp) > MostSpan)
        {
            return 0;
        }

        var head = Head(stamp);
        var room = _body.Room;
        if (room.Length <= head.Length + Tail.Length)
        {
            return 0;
        }

        var rest = lines.Bytes[from..];
        var written = EscapedText.TryCopyLine(rest, room[head.Length..^Tail.Length], out var consumed);
        var lineEnd = consumed > 1 && rest[consumed - 2] == (byte)'\r' ? 2 : 1;
        var counted = consumed - lineEnd + Limits.EventOverheadBytes;
        if (written <= 0 || _countedBytes + counted > Limits.BatchBytes || !lines.EndsAt(from + consumed))
        {
            return 0;
        }

        Enclose(room, head, written);
        _line = new(head.Length + written + Tail.Length, counted, _oldestStamp, _newestStamp, _isOutOfOrder);
        Count(counted, stamp);
        return consumed;
    }

    /// <summary>Takes back the line that <see cref="TryAppendLine"/> added, right after that and once.</summary>
    public void TakeLineBack()
    {
        _body.Advance(-_line.BodyBytes);
        _countedBytes -= _line.CountedBytes;
        (_oldestStamp, _newestStamp, _isOutOfOrder) = (_line.OldestBefore, _line.NewestBefore, _line.WasOutOfOrder);
        Events--;
    }

    /// <summary>Ends the body and starts the next. Null when there is nothing in it.</summary>
    public FinishedBody? Finish()
    {
        if (Events == 0)
        {
            return null;
        }

        IReadOnlyList<int>? order = null;
        if (_isOutOfOrder)
        {
            _body.Rewrite(text => BodyOrder.Sort(text, out order));
        }

        var body = new FinishedBody(_body.Written(), Events, _oldestStamp, order, _body.Release);
        _body = new(_pool, _mayOverdraw, isForMuch: _body.LengthBytes >= Much);
        Events = 0;
        _countedBytes = 0;
        return body;
    }

    void Count(int bytes, long stamp)
    {
        _isOutOfOrder |= stamp < _newestStamp;
        _oldestStamp = Math.Min(_oldestStamp, stamp);
        _newestStamp = Math.Max(_newestStamp, stamp);
        _countedBytes += bytes;
        Events++;
    }

    long SpanWith(long stamp) => Math.Max(_newestStamp, stamp) - Math.Min(_oldestStamp, stamp);

    bool TryWriteEvent(ReadOnlySpan<byte> message, long stamp)
    {
        var head = Head(stamp)[(Events == 0 ? 1 : 0)..]; // no comma before the first
        var room = _body.Room;
        if (room.Length > head.Length + Tail.Length
            && EscapedText.TryCopy(message, room[head.Length..^Tail.Length]) is > 0 and var written)
        {
            Enclose(room, head, written);
            return true;
        }

        return _body.TryWrite(head) && _body.TryWriteEscaped(message) && _body.TryWrite(Tail);
    }

    // Writes what stands around a text that is in the room already.
    void Enclose(Span<byte> room, ReadOnlySpan<byte> head, int textBytes)
    {
        head.CopyTo(room);
        Tail.CopyTo(room[(head.Length + textBytes)..]);
        _body.Advance(head.Length + textBytes + Tail.Length);
    }

    static ReadOnlySpan<byte> Tail => "\"}"u8;

    // Lines that are read together mostly have one stamp.
    ReadOnlySpan<byte> Head(long stamp)
    {
        if (stamp != _headStamp || _headBytes == 0)
        {
            ",{\"timestamp\":"u8.CopyTo(_head);
            var from = ",{\"timestamp\":"u8.Length;
            Utf8Formatter.TryFormat(stamp, _head.AsSpan(from), out var digits);
            ",\"message\":\""u8.CopyTo(_head.AsSpan(from + digits));
            _headBytes = from + digits + ",\"message\":\""u8.Length;
            _headStamp = stamp;
        }

        return _head.AsSpan(0, _headBytes);
    }
}
