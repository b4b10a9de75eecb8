using System.Globalization;

namespace Agent.Detect;

/// <summary>When a line was written, by the timestamp it begins with: the one of syslog (RFC 3164,
/// <c>Nov  6 09:05:01</c>, whose year is guessed) or ISO 8601 (<c>2026-11-06T09:05:01.123+01:00</c>). Without a zone it
/// is local time.</summary>
static class EventTime
{
    const int SyslogBytes = 15;
    const int IsoBytes = 19;

    static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <param name="now">By which the year is guessed.</param>
    /// <returns>Seconds since 1970; null for a line that begins with no timestamp.</returns>
    public static long? Of(ReadOnlySpan<byte> line, DateTimeOffset now, TimeZoneInfo zone) =>
        line.Length < SyslogBytes ? null
        : line[3] == ' ' ? Syslog(line, now, zone)
        : line.Length >= IsoBytes && line[4] == '-' ? Iso(line, zone)
        : null;

    static long? Syslog(ReadOnlySpan<byte> line, DateTimeOffset now, TimeZoneInfo zone)
    {
        var month = Months.IndexOf(line[..3]);
        var day = line[4] == ' ' ? Digit(line[5]) : Two(line[4..]);
        if (month < 0 || month % 3 != 0 || line[6] != ' ' || Clock(line[7..]) is not { } clock)
        {
            return null;
        }

        // Of the years the one that is nearest, since a log of December is read in January.
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var year = local.Year + ((month / 3) + 1 - local.Month) switch { > 6 => -1, < -6 => 1, _ => 0 };
        return At(year, (month / 3) + 1, day, clock, zone);
    }

    static long? Iso(ReadOnlySpan<byte> line, TimeZoneInfo zone)
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

        return At(year, Two(line[5..]), Two(line[8..]), clock, Offset(rest) is { } offset ? offset : zone);
    }

    static TimeZoneInfo? Offset(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'Z', ..])
        {
            return TimeZoneInfo.Utc;
        }

        if (text.Length < 5 || text[0] is not ((byte)'+' or (byte)'-'))
        {
            return null;
        }

        var minutes = text[3] == ':' ? text.Length < 6 ? -1 : Two(text[4..]) : Two(text[3..]);
        var hours = Two(text[1..]);
        if (hours is < 0 or > 14 || minutes is < 0 or > 59 || (hours * 60) + minutes > 14 * 60)
        {
            return null;
        }

        var offset = new TimeSpan(hours, minutes, 0);
        return TimeZoneInfo.CreateCustomTimeZone("offset", text[0] == '-' ? -offset : offset, null, null);
    }

    static TimeSpan? Clock(ReadOnlySpan<byte> text)
    {
        var (hours, minutes, seconds) = (Two(text), Two(text[3..]), Two(text[6..]));
        return text[2] == ':' && text[5] == ':' && hours is >= 0 and < 24 && minutes is >= 0 and < 60
            && seconds is >= 0 and <= 60
            ? new TimeSpan(hours, minutes, Math.Min(seconds, 59))
            : null;
    }

    static long? At(int year, int month, int day, TimeSpan clock, TimeZoneInfo zone)
    {
        if (year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }

        var local = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + clock;
        return (long)(local - zone.GetUtcOffset(local) - DateTime.UnixEpoch).TotalSeconds;
    }

    static int Two(ReadOnlySpan<byte> text) =>
        Digit(text[0]) is >= 0 and var tens && Digit(text[1]) is >= 0 and var ones ? (tens * 10) + ones : -1;

    static int Digit(byte letter) => letter is >= (byte)'0' and <= (byte)'9' ? letter - '0' : -1;
}
