using System.Globalization;

namespace Agent.Tail;

/// <summary>Up to where a journal was read: an entry's cursor, and of an entry that is cut into several events how many
/// of these. Or a time, where no entry was there yet.</summary>
/// <param name="Cursor">Null for a time.</param>
/// <param name="Pieces">Of the entry; 0 for all of them.</param>
/// <param name="Time">In microseconds since 1970, UTC; of an entry when it was written.</param>
readonly record struct JournalPlace(string? Cursor, int Pieces, ulong Time)
{
    const string TimeField = "t="; // in hexadecimal digits. Source: sd_journal_get_cursor(3), which calls it opaque

    /// <summary>Before the first entry.</summary>
    public static JournalPlace Start => default;

    public override string ToString() =>
        Cursor is null ? string.Create(CultureInfo.InvariantCulture, $"@{Time}")
        : Pieces == 0 ? Cursor
        : string.Create(CultureInfo.InvariantCulture, $"{Cursor} +{Pieces}");

    /// <summary>What <see cref="ToString"/> made.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static JournalPlace Parse(string text)
    {
        if (text.StartsWith('@'))
        {
            return new(null, 0, ulong.Parse(text.AsSpan(1), CultureInfo.InvariantCulture));
        }

        if (!text.StartsWith("s=", StringComparison.Ordinal) || TimeOf(text) == 0)
        {
            throw new FormatException($"'{text}' is no place in a journal");
        }

        var pieces = text.IndexOf(" +", StringComparison.Ordinal);
        return pieces < 0
            ? new(text, 0, TimeOf(text))
            : new(
                text[..pieces], int.Parse(text.AsSpan(pieces + 2), CultureInfo.InvariantCulture),
                TimeOf(text[..pieces]));
    }

    // 0 where there is none.
    static ulong TimeOf(string cursor) =>
        cursor.Split(';', ' ').FirstOrDefault(part => part.StartsWith(TimeField, StringComparison.Ordinal)) is { } part
        && ulong.TryParse(
            part.AsSpan(TimeField.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var time)
            ? time
            : 0;
}
