namespace Agent.Framing;

/// <summary>From the timestamps in a file's events to instants. What a timestamp leaves out is guessed: the zone is
/// the configured one, the year the latest that does not put the event more than 30 days ahead of the clock, the day
/// the latest that the service would take.</summary>
sealed class StampReader(StampFormat format, TimeZoneInfo zone, TimeProvider time)
{
    // Leap days are eight years apart around a century.
    const int MostYearsBack = 9;

    static readonly TimeSpan MostAhead = TimeSpan.FromDays(30);
    static readonly TimeSpan MostDayAhead = CloudWatch.Limits.NewestEvent;

    // Zones differ from UTC by less.
    static readonly TimeSpan Farthest = TimeSpan.FromHours(15);

    readonly LocalTime _local = new(zone);
    DateTimeOffset _now = time.GetUtcNow();

    // The event before mostly had the same timestamp, and after an instant its own text means that instant again.
    readonly byte[] _text = new byte[64];
    int _textBytes;
    long _stamp;

    /// <summary>Looks at the clock: once a block is often enough.</summary>
    public void LookAtClock()
    {
        _now = time.GetUtcNow();
        _textBytes = 0;
    }

    /// <summary>Reads the first timestamp of a text.</summary>
    /// <param name="last">The stamp before, in milliseconds since 1970: an hour that the clock repeats goes on after
    /// it.</param>
    /// <param name="from">Where it stands.</param>
    public bool TryRead(ReadOnlySpan<byte> text, long? last, out int from, out int bytes, out long stamp)
    {
        stamp = 0;
        if (!format.TryFind(text, out from, out bytes, out var fields))
        {
            return false;
        }

        var written = text.Slice(from, bytes);
        if (_textBytes > 0 && last == _stamp && written.SequenceEqual(_text.AsSpan(0, _textBytes)))
        {
            stamp = _stamp;
            return true;
        }

        if (Utc(fields, last) is not { } utcTicks)
        {
            return false;
        }

        stamp = (utcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        _stamp = stamp;
        _textBytes = written.TryCopyTo(_text) ? bytes : 0;
        return true;
    }

    /// <summary>Whether a line begins with the timestamp that was read last, and would be read so whatever follows.
    /// </summary>
    /// <param name="last">The stamp before, in milliseconds since 1970.</param>
    /// <param name="beginningBytes">How long the timestamp is, and the byte that ends it.</param>
    public bool TryRecall(ReadOnlySpan<byte> line, long? last, out int beginningBytes, out long stamp)
    {
        (beginningBytes, stamp) = (_textBytes + 1, _stamp);
        return _textBytes > 0 && last == _stamp && format.TryRecall(line, out var bytes) && bytes == _textBytes
            && line.StartsWith(_text.AsSpan(0, _textBytes));
    }

    long? Utc(in StampFields fields, long? last) =>
        fields.EpochSeconds is { } seconds
            ? DateTime.UnixEpoch.Ticks + (seconds * TimeSpan.TicksPerSecond)
                + (fields.Milliseconds * TimeSpan.TicksPerMillisecond)
        : !format.HasDay ? OfLatestDay(fields, last)
        : fields.Year is { } year ? Utc(fields.DayTicks(year) + fields.TimeTicks, fields.OffsetMinutes, last)
        : OfLatestYear(fields, last);

    long? OfLatestYear(in StampFields fields, long? last)
    {
        var latest = (_now + MostAhead).UtcDateTime;
        var newest = (latest + Farthest).Year;
        for (var year = newest; year > newest - MostYearsBack; year--)
        {
            // What is far off needs no look at the zone.
            var wall = fields.DayTicks(year) + fields.TimeTicks;
            if (wall - Farthest.Ticks <= latest.Ticks
                && Utc(wall, fields.OffsetMinutes, last) is { } utc && utc <= latest.Ticks)
            {
                return utc;
            }
        }

        return null;
    }

    long? OfLatestDay(in StampFields fields, long? last)
    {
        var latest = (_now + MostDayAhead).UtcDateTime;
        var newest = (latest + Farthest).Date.Ticks;
        for (var daysBack = 0; daysBack <= 3; daysBack++)
        {
            var wall = newest - (daysBack * TimeSpan.TicksPerDay) + fields.TimeTicks;
            if (Utc(wall, fields.OffsetMinutes, last) is { } utc && utc <= latest.Ticks)
            {
                return utc;
            }
        }

        return null;
    }

    long? Utc(long? wallTicks, int? offsetMinutes, long? last) => (wallTicks, offsetMinutes) switch
    {
        (null, _) => null,
        ({ } wall, { } offset) => wall - (offset * TimeSpan.TicksPerMinute),
        ({ } wall, null) => _local.ToUtc(
            wall, last is { } stamp ? DateTime.UnixEpoch.Ticks + (stamp * TimeSpan.TicksPerMillisecond) : null)
    };
}
