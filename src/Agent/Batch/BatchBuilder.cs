using System.Buffers.Text;
using CloudWatch;

namespace Agent.Batch;

/// <summary>Builds the part of a PutLogEvents body that follows the names of group and stream, within the limits of
/// the service. The bytes are JSON from the start: an event is never an object, and its text never a string.</summary>
sealed class BatchBuilder
{
    // An escape makes six bytes of one. A batch that swells must be closed before it costs several times its share.
    const int WireBytes = 2 << 20;

    readonly SegmentPool _pool;
    readonly Func<bool> _mayOverdraw;
    SegmentedBody _body;
    long _countedBytes;
    long _firstStamp;

    /// <param name="mayOverdraw">Whether a batch may begin though the memory budget is used up. A stream that has
    /// nothing on its way may: however much the others hold, it goes on, if only by an event at a time.</param>
    public BatchBuilder(SegmentPool pool, Func<bool> mayOverdraw)
    {
        _pool = pool;
        _mayOverdraw = () => Events == 0 && mayOverdraw();
        _body = new(pool, _mayOverdraw);
    }

    public int Events { get; private set; }

    /// <summary>The last event's timestamp, in milliseconds since 1970, UTC.</summary>
    public long LastStamp { get; private set; }

    /// <summary>Adds an event. Stamps must not go back within a batch.</summary>
    /// <param name="message">UTF-8, at least one and at most <see cref="Limits.EventBytes"/> bytes.</param>
    public AppendOutcome TryAppend(ReadOnlySpan<byte> message, long stamp)
    {
        var counted = message.Length + Limits.EventOverheadBytes;
        if (Events > 0 && (Events == Limits.BatchEvents || _countedBytes + counted > Limits.BatchBytes
            || _body.LengthBytes >= WireBytes || stamp - _firstStamp > Limits.BatchSpan.TotalMilliseconds))
        {
            return AppendOutcome.Full;
        }

        var before = _body.LengthBytes;
        if (!TryWriteEvent(message, stamp))
        {
            _body.RollBackTo(before);
            return AppendOutcome.NoMemory;
        }

        _firstStamp = Events == 0 ? stamp : _firstStamp;
        _countedBytes += counted;
        LastStamp = stamp;
        Events++;
        return AppendOutcome.Appended;
    }

    /// <summary>Ends the body and starts the next. Null when there is nothing in it.</summary>
    public FinishedBody? Finish()
    {
        if (Events == 0)
        {
            return null;
        }

        var body = new FinishedBody(_body.Written(), Events, _body.Release);
        _body = new(_pool, _mayOverdraw);
        Events = 0;
        _countedBytes = 0;
        return body;
    }

    bool TryWriteEvent(ReadOnlySpan<byte> message, long stamp)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(stamp, digits, out var length);
        return _body.TryWrite(Events == 0 ? "{\"timestamp\":"u8 : ",{\"timestamp\":"u8)
            && _body.TryWrite(digits[..length])
            && _body.TryWrite(",\"message\":\""u8)
            && _body.TryWriteEscaped(message)
            && _body.TryWrite("\"}"u8);
    }
}
