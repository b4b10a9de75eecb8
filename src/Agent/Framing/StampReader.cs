using Agent.Events;

namespace Agent.Framing;

/// <summary>From the timestamps in a file's events to instants. What a timestamp leaves out is guessed: the zone is
/// the configured one, the year the latest that does not put the event more than 30 days ahead of the clock, the day
/// the latest that the service would take.</summary>
/// <param name="startsByStamp">Which lines begin events, where that is told by a timestamp anywhere in them and nothing
/// around it; null where it is told otherwise.</param>
sealed class StampReader(
    StampFormat format, TimeZoneInfo zone, TimeProvider time, StartsEvent? startsByStamp = null)
{
    // Leap days are eight years apart around a century.
    const int MostYearsBack = 9;

    static readonly TimeSpan MostAhead = TimeSpan.FromDays(30);
    static readonly TimeSpan MostDayAhead = CloudWatch.Limits.NewestEvent;

    // Zones differ from UTC by less.
    static readonly TimeSpan Farthest = TimeSpan.FromHours(15);

    // Later than whatever is read: see LocalTime.
    static readonly long FarFuture = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    readonly LocalTime _local = new(zone);
    DateTimeOffset _now = time.GetUtcNow();

    /// <summary>What most lines begin with.</summary>
    public StampForm Form { get; } = new();

    /// <summary>Looks at the clock: once a block is often enough.</summary>
    public void LookAtClock()
    {
        _now = time.GetUtcNow();
        Form.Forget();
    }

    /// <summary>Reads the first timestamp of a text.</summary>
    /// <param name="last">The stamp before, in milliseconds since 1970: an hour that the clock repeats goes on after
    /// it.</param>
    /// <param name="from">Where it stands.</param>
    public bool TryRead(ReadOnlySpan<byte> text, long? last, out int from, out int bytes, out long stamp)
    {
        if (Form.TryRead(text, out stamp))
        {
            (from, bytes) = (0, Form.Bytes);
            return true;
        }

        if (!format.TryFind(text, out from, out bytes, out var fields)
            || Milliseconds(fields, last) is not { } milliseconds)
        {
            return false;
        }

        stamp = milliseconds;
        if (from == 0 && fields.IsFirstFit && IsWhole(text, bytes))
        {
            Learn(text, bytes, fields);
        }

        return true;
    }

    // It ends where it is seen to, and within a line.
    bool IsWhole(ReadOnlySpan<byte> text, int bytes) =>
        bytes < text.Length && !format.GoesOn(text[bytes]) && !text[..bytes].Contains((byte)'\n');

    // From the second line on: where each begins otherwise, to learn each would only cost.
    void Learn(ReadOnlySpan<byte> text, int bytes, in StampFields fields)
    {
        if (!Form.Fits(text))
        {
            Form.Take(text, bytes, fields.SecondsAt, fields.FractionAt);
            return;
        }

        if (Form.IsSettled)
        {
            return;
        }

        // Both ends of the minute, whatever came before them: what is guessed is guessed alike in between.
        var (first, final) = (fields, fields);
        if (Form.HasSeconds)
        {
            (first.Second, final.Second) = (0, 59);
        }

        if (Form.HasFraction)
        {
            (first.Milliseconds, final.Milliseconds) = (0, 999);
        }

        var minute = Milliseconds(first, last: null);
        var length = ((final.Second - first.Second) * 1000) + final.Milliseconds - first.Milliseconds;
        Form.Settle(
            Milliseconds(final, FarFuture) == minute + length ? minute : null,
            startsByStamp?.Invoke(text[..bytes]) == true);
    }

    long? Milliseconds(in StampFields fields, long? last) =>
        (Utc(fields, last) - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

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
