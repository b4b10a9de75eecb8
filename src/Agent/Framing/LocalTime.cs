namespace Agent.Framing;

/// <summary>From what a clock on the wall shows to UTC. In the hour that is left out in spring the clock had not been
/// set yet; of the hour that is repeated in autumn it is the first, unless that went back.</summary>
/// <remarks>The zone is asked about instants only: what the framework says of a wall's time is wrong where summer is
/// the standard, as in Ireland.</remarks>
sealed class LocalTime(TimeZoneInfo zone)
{
    // Threads write their lines in disorder. That is no reason to think that the clock was set back.
    static readonly TimeSpan Disorder = TimeSpan.FromMinutes(1);

    // Lines of the same minute come together, and asking the zone takes longer than all the rest.
    long _minute = -1;
    long _offsetTicks;

    /// <param name="lastUtcTicks">The time before, in UTC.</param>
    public long ToUtc(long wallTicks, long? lastUtcTicks)
    {
        var minute = wallTicks / TimeSpan.TicksPerMinute;
        if (minute == _minute)
        {
            return wallTicks - _offsetTicks;
        }

        var before = OffsetAt(wallTicks - TimeSpan.TicksPerDay);
        var after = OffsetAt(wallTicks + TimeSpan.TicksPerDay);
        var isBefore = OffsetAt(wallTicks - before) == before;
        var isAfter = OffsetAt(wallTicks - after) == after;
        if (isBefore && isAfter && before != after)
        {
            var isSetBack = wallTicks - before < lastUtcTicks - Disorder.Ticks;
            return wallTicks - (isSetBack ? after : before);
        }

        (_minute, _offsetTicks) = (minute, isAfter && !isBefore ? after : before);
        return wallTicks - _offsetTicks;
    }

    long OffsetAt(long utcTicks) => zone.GetUtcOffset(new DateTime(utcTicks, DateTimeKind.Utc)).Ticks;
}
