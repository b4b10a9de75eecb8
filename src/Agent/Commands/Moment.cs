using System.Globalization;

namespace Agent.Commands;

/// <summary>Times as a person writes and reads them.</summary>
static class Moment
{
    /// <summary>Milliseconds since 1970 as UTC; a dash where there are none.</summary>
    public static string Text(long? milliseconds) => milliseconds is { } value
        ? DateTimeOffset.FromUnixTimeMilliseconds(value).ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : "-";

    /// <summary>Reads 90s, 10m, 2h or 3d.</summary>
    public static TimeSpan Span(string text)
    {
        if (text.Length > 1
            && int.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out var count) && count >= 0)
        {
            switch (text[^1])
            {
                case 's':
                    return TimeSpan.FromSeconds(count);
                case 'm':
                    return TimeSpan.FromMinutes(count);
                case 'h':
                    return TimeSpan.FromHours(count);
                case 'd' when count <= 36500:
                    return TimeSpan.FromDays(count);
            }
        }

        throw new UsageException($"'{text}' is no time: write 90s, 10m, 2h or 3d");
    }
}
