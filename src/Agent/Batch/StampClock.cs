namespace Agent.Batch;

/// <summary>Timestamps for lines that bring none: the time they were read. They never go back and never tie across two
/// batches of a stream, since the service shows events by timestamp and several batches are on their way at once:
/// only so do lines come out in the order of their file.</summary>
/// <remarks>Unless the clock was set back. A stream's own pace cannot lead it by a minute; whoever does was stamped by
/// a clock that was wrong, and to hold on to that would be to wait for a day, or to be rejected as too new.</remarks>
sealed class StampClock
{
    const long MostAheadMilliseconds = 60_000;

    readonly TimeProvider _time;
    long _last;
    long _floor;

    /// <param name="lastStamp">The last stamp of the run before.</param>
    public StampClock(TimeProvider time, long lastStamp)
    {
        _time = time;
        _last = lastStamp;
        CloseBatch();
    }

    /// <summary>The last stamp handed out, in milliseconds since 1970, UTC.</summary>
    public long Last => _last;

    /// <summary>The stamp of lines read now. Within a batch it never goes back.</summary>
    public long Next() => _last = Math.Max(Math.Max(Now, _last), _floor);

    /// <summary>A batch was closed: later stamps are later than its last.</summary>
    public void CloseBatch()
    {
        _floor = _last + 1;
        if (_floor - Now > MostAheadMilliseconds)
        {
            _last = _floor = Now;
        }
    }

    long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
