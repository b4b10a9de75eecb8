namespace Agent.Batch;

/// <summary>Timestamps for lines that bring none: the time they were read. They never go back and never tie across two
/// batches of a stream, since the service shows events by timestamp and several batches are on their way at once:
/// only so do lines come out in the order of their file.</summary>
sealed class StampClock(TimeProvider time, long lastStamp)
{
    // A stream that closes more than a batch a millisecond would run ahead of the clock, in the end out of the
    // window that the service accepts.
    const long MostAheadMilliseconds = 60_000;

    long _last = lastStamp;
    long _floor = lastStamp + 1;

    /// <summary>The last stamp handed out, in milliseconds since 1970, UTC.</summary>
    public long Last => _last;

    /// <summary>Whether stamps lead the clock so far that the stream had better wait.</summary>
    public bool IsAhead => _floor - Now > MostAheadMilliseconds;

    /// <summary>The stamp of lines read now.</summary>
    public long Next() => _last = Math.Max(Math.Max(Now, _last), _floor);

    /// <summary>A batch was closed: later stamps are later than its last.</summary>
    public void CloseBatch() => _floor = _last + 1;

    long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
