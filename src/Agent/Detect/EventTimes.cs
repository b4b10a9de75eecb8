namespace Agent.Detect;

/// <summary>When lines of one file were written. To find out by the rules of a time zone takes half a microsecond;
/// lines that follow each other were often written in the same minute.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class EventTimes(TimeZoneInfo zone)
{
    const int MinuteBytes = 13; // Nov  6 09:05:
    const int StampBytes = 15;
    const int MinuteSeconds = 60;

    readonly byte[] _minute = new byte[MinuteBytes];
    long _begins;
    long _askedAt = -1; // in minutes

    /// <summary>As <see cref="EventTime"/> has it.</summary>
    public long? Of(ReadOnlySpan<byte> line, DateTimeOffset now)
    {
        var asked = now.ToUnixTimeSeconds() / MinuteSeconds;
        if (line.Length < StampBytes || EventTime.SecondOf(line) is not { } second)
        {
            return EventTime.Of(line, now, zone);
        }

        if (asked == _askedAt && line.StartsWith(_minute))
        {
            return _begins + second;
        }

        var time = EventTime.Of(line, now, zone);

        // What is as good as now depends on it, and so does an hour that a clock goes through twice.
        if (time is { } known && known + MinuteSeconds < now.ToUnixTimeSeconds() && !EventTime.IsAmbiguous(known, zone))
        {
            (_begins, _askedAt) = (known - second, asked);
            line[..MinuteBytes].CopyTo(_minute);
        }

        return time;
    }
}
