using System.Globalization;

namespace Agent.Detect;

/// <summary>When a line was written, by the timestamp it begins with: the one of syslog (RFC 3164,
/// <c>Nov  6 09:05:01</c>, whose year is guessed) or ISO 8601 (<c>2026-11-06T09:05:01.123+01:00</c>). Without a zone it
/// is local time.</summary>
static class EventTime
{
    const int SyslogBytes = 15;
    const int IsoBytes = 19;

    // A log's clock may be a little ahead of the one here.
    const long MostAheadSeconds = 60;

    // Or a zone: what is further ahead is of another year.
    const long MostWrongSeconds = 86_400;

    static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <param name="now">The year is the latest of which the time is not ahead of it by a day; the hour that a clock
    /// goes through twice is the latest that is not ahead.</param>
    /// <returns>Seconds since 1970, now at the latest: who watches does not wait for a clock that is ahead. Null for a
    /// line that begins with no timestamp, or one that cannot be.</returns>
    public static long? Of(ReadOnlySpan<byte> line, DateTimeOffset now, TimeZoneInfo zone) =>
        line.Length < SyslogBytes ? null
        : line[3] == ' ' ? Syslog(line, now, zone)
        : line.Length >= IsoBytes && line[4] == '-' ? Iso(line, now, zone)
        : null;

    /// <summary>The second of a minute that syslog's timestamp names; null where there is none.</summary>
    public static int? SecondOf(ReadOnlySpan<byte> line) =>
        line[6] == ' ' && line[12] == ':' && Two(line[13..]) is >= 0 and < 60 and var second ? second : null;

    /// <summary>Whether a clock in the zone shows this time twice.</summary>
    public static bool IsAmbiguous(long unixSeconds, TimeZoneInfo zone) =>
        zone.IsAmbiguousTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(unixSeconds), zone));

    static long? Syslog(ReadOnlySpan<byte> line, DateTimeOffset now, TimeZoneInfo zone)
    {
        var month = Months.IndexOf(line[..3]);
        var day = line[4] == ' ' ? Digit(line[5]) : Two(line[4..]);
        if (month < 0 || month % 3 != 0 || line[6] != ' ' || Clock(line[7..]) is not { } clock)
        {
            return null;
        }

        var year = TimeZoneInfo.ConvertTime(now, zone).Year;
        for (var candidate = year + 1; candidate >= year - 1; candidate--)
        {
            if (At(candidate, (month / 3) + 1, day, clock, null, zone, now) is { } time
                && time <= now.ToUnixTimeSeconds() + MostWrongSeconds)
            {
                return Math.Min(time, now.ToUnixTimeSeconds());
            }
        }

        return null;
    }

    static long? Iso(ReadOnlySpan<byte> line, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (line[7] != '-' || line[10] is not ((byte)'T' or (byte)' ')
            || !int.TryParse(line[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || Clock(line[11..]) is not { } clock)
        {
            return null;
        }

        var rest = line[IsoBytes..];
        if (rest is [(byte)'.' or (byte)',', ..])
        {
            rest = rest[1..].TrimStart("0123456789"u8);
        }

        return At(year, Two(line[5..]), Two(line[8..]), clock, Offset(rest), zone, now) is { } time
            ? Math.Min(time, now.ToUnixTimeSeconds())
            : null;
    }

    // Z, UTC, GMT, +01:00, +0100 or +01, right behind the time or after a blank.
    static TimeSpan? Offset(ReadOnlySpan<byte> text)
    {
        text = text is [(byte)' ', ..] ? text[1..] : text;
        if (text is [(byte)'Z', ..] || text.StartsWith("UTC"u8) || text.StartsWith("GMT"u8))
        {
            return TimeSpan.Zero;
        }

        if (text.Length < 3 || text[0] is not ((byte)'+' or (byte)'-'))
        {
            return null;
        }

        var hours = Two(text[1..]);
        var rest = text.Length > 3 && text[3] == ':' ? text[4..] : text[3..];
        var minutes = rest.Length < 2 || rest[0] == ' ' ? 0 : Two(rest);
        if (hours is < 0 or > 14 || minutes is < 0 or > 59 || (hours * 60) + minutes > 14 * 60)
        {
            return null;
        }

        var offset = new TimeSpan(hours, minutes, 0);
        return text[0] == '-' ? -offset : offset;
    }

    static TimeSpan? Clock(ReadOnlySpan<byte> text)
    {
        var (hours, minutes, seconds) = (Two(text), Two(text[3..]), Two(text[6..]));
        return text[2] == ':' && text[5] == ':' && hours is >= 0 and < 24 && minutes is >= 0 and < 60
            && seconds is >= 0 and <= 60
            ? new TimeSpan(hours, minutes, Math.Min(seconds, 59))
            : null;
    }

    // The offset goes before the zone.
    static long? At(
        int year, int month, int day, TimeSpan clock, TimeSpan? offset, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (year is < 1971 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }

        var local = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + clock;
        return offset is null && zone.IsAmbiguousTime(local)
            ? OfTheHourThatComesTwice(local, zone, now)
            : Seconds(local, offset ?? zone.GetUtcOffset(local));
    }

    // Alone here: only this hour may pay for what a closure allocates.
    static long OfTheHourThatComesTwice(DateTime local, TimeZoneInfo zone, DateTimeOffset now)
    {
        var times = zone.GetAmbiguousTimeOffsets(local).Select(one => Seconds(local, one)).OrderDescending();
        return times.FirstOrDefault(time => !IsAhead(time, now), times.Last());
    }

    static long Seconds(DateTime local, TimeSpan offset) => (long)(local - offset - DateTime.UnixEpoch).TotalSeconds;

    static bool IsAhead(long time, DateTimeOffset now) => time > now.ToUnixTimeSeconds() + MostAheadSeconds;

    static int Two(ReadOnlySpan<byte> text) =>
        Digit(text[0]) is >= 0 and var tens && Digit(text[1]) is >= 0 and var ones ? (tens * 10) + ones : -1;

    static int Digit(byte letter) => letter is >= (byte)'0' and <= (byte)'9' ? letter - '0' : -1;
}
