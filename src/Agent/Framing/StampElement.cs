using System.Text;

namespace Agent.Framing;

/// <summary>What an element of a timestamp format stands for.</summary>
enum StampPart
{
    Literal,
    Year,
    ShortYear,
    Month,
    Day,
    DayOfYear,
    Hour,
    Minute,
    Second,
    Fraction,
    EpochSeconds,
    MonthName,
    WeekdayName,
    HalfOfDay,
    ZoneName,
    ZoneOffset
}

/// <summary>One element of a timestamp format. A text may fit it in several lengths, each a way to go on: the longest
/// comes first.</summary>
/// <param name="Names">For a literal its only text, for a name all of them, in the order of their numbers.</param>
sealed record StampElement(
    StampPart Part, int FewestDigits = 0, int MostDigits = 0, bool MayBeginWithSpace = false, byte[][]? Names = null)
{
    /// <summary>Whether a text that begins so may fit.</summary>
    public bool CanBegin(byte first) => Part switch
    {
        StampPart.Literal => first == Names![0][0],
        StampPart.MonthName or StampPart.WeekdayName or StampPart.HalfOfDay =>
            Array.Exists(Names!, name => (name[0] | 0x20) == (first | 0x20)),
        StampPart.ZoneName => char.IsAsciiLetter((char)first),
        StampPart.ZoneOffset => first is (byte)'+' or (byte)'-' or (byte)'Z' or (byte)'z',
        _ => char.IsAsciiDigit((char)first) || (MayBeginWithSpace && CodeUnit.IsWhite(first))
    };

    public bool HasLiteralDigit =>
        Part == StampPart.Literal && Names![0].AsSpan().ContainsAnyInRange((byte)'0', (byte)'9');

    /// <summary>The longest fit shorter than <paramref name="shorterThan"/>, noted in the fields.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    public int Fit(ReadOnlySpan<byte> text, int shorterThan, ref StampFields fields) => Part switch
    {
        StampPart.Literal => Names![0].Length < shorterThan && text.StartsWith(Names[0]) ? Names[0].Length : 0,
        StampPart.MonthName or StampPart.WeekdayName or StampPart.HalfOfDay => FitName(text, shorterThan, ref fields),
        StampPart.ZoneName => FitZoneName(text, shorterThan, ref fields),
        StampPart.ZoneOffset => FitOffset(text, shorterThan, ref fields),
        _ => FitNumber(text, shorterThan, ref fields)
    };

    int FitNumber(ReadOnlySpan<byte> text, int shorterThan, ref StampFields fields)
    {
        var space = MayBeginWithSpace && !text.IsEmpty && CodeUnit.IsWhite(text[0]) ? 1 : 0;
        var most = Math.Min(MostDigits, shorterThan - space - 1);
        var digits = 0;
        while (digits < most && space + digits < text.Length && char.IsAsciiDigit((char)text[space + digits]))
        {
            digits++;
        }

        for (; digits >= FewestDigits; digits--)
        {
            if (TrySet(text.Slice(space, digits), ref fields))
            {
                return space + digits;
            }
        }

        return 0;
    }

    bool TrySet(ReadOnlySpan<byte> digits, ref StampFields fields)
    {
        var value = 0L;
        foreach (var digit in digits)
        {
            value = (value * 10) + digit - '0';
        }

        switch (Part)
        {
            case StampPart.Year: fields.Year = (int)value; return true;
            case StampPart.ShortYear: fields.Year = (int)value + (value < 69 ? 2000 : 1900); return true;
            case StampPart.Month: fields.Month = (int)value; return value is >= 1 and <= 12;
            case StampPart.Day: fields.Day = (int)value; return value is >= 1 and <= 31;
            case StampPart.DayOfYear: fields.DayOfYear = (int)value; return value is >= 1 and <= 366;
            case StampPart.Hour: fields.Hour = (int)value; return value <= 23;
            case StampPart.Minute: fields.Minute = (int)value; return value <= 59;
            case StampPart.Second: fields.Second = (int)value; return value <= 60;
            case StampPart.EpochSeconds: fields.EpochSeconds = value; return true;
            default:
                for (var i = digits.Length; i < 3; i++)
                {
                    value *= 10;
                }

                for (var i = digits.Length; i > 3; i--)
                {
                    value /= 10;
                }

                fields.Milliseconds = (int)value;
                return true;
        }
    }

    int FitName(ReadOnlySpan<byte> text, int shorterThan, ref StampFields fields)
    {
        for (var i = 0; i < Names!.Length; i++)
        {
            // The first letter leaves one or two names to compare.
            var name = Names[i];
            if (text.Length < name.Length || (text[0] | 0x20) != (name[0] | 0x20) || name.Length >= shorterThan
                || !Ascii.EqualsIgnoreCase(text[..name.Length], name))
            {
                continue;
            }

            if (Part == StampPart.MonthName)
            {
                fields.Month = i + 1;
            }
            else if (Part == StampPart.HalfOfDay)
            {
                fields.IsAfternoon = i == 1;
            }

            return name.Length;
        }

        return 0;
    }

    static int FitZoneName(ReadOnlySpan<byte> text, int shorterThan, ref StampFields fields)
    {
        var letters = 0;
        while (letters < text.Length && letters <= ZoneNames.LongestBytes && char.IsAsciiLetter((char)text[letters]))
        {
            letters++;
        }

        if (letters is 0 or > ZoneNames.LongestBytes || letters >= shorterThan)
        {
            return 0;
        }

        fields.OffsetMinutes = ZoneNames.OffsetMinutes(text[..letters]);
        return letters;
    }

    // +hh:mm, +hhmm, +hh or Z.
    static int FitOffset(ReadOnlySpan<byte> text, int shorterThan, ref StampFields fields)
    {
        if (text is [(byte)'Z' or (byte)'z', ..])
        {
            fields.OffsetMinutes = 0;
            return shorterThan > 1 ? 1 : 0;
        }

        if (text is not [(byte)'+' or (byte)'-', ..] || !TryTwoDigits(text[1..], 23, out var hours))
        {
            return 0;
        }

        var colon = text is [_, _, _, (byte)':', ..] ? 1 : 0;
        var hasMinutes = TryTwoDigits(text[(3 + colon)..], 59, out var minutes) && 5 + colon < shorterThan;
        var offset = (hours * 60) + (hasMinutes ? minutes : 0);
        fields.OffsetMinutes = text[0] == '-' ? -offset : offset;
        var length = hasMinutes ? 5 + colon : 3;
        return length < shorterThan ? length : 0;
    }

    static bool TryTwoDigits(ReadOnlySpan<byte> text, int highest, out int value)
    {
        value = 0;
        if (text.Length < 2 || !char.IsAsciiDigit((char)text[0]) || !char.IsAsciiDigit((char)text[1]))
        {
            return false;
        }

        value = ((text[0] - '0') * 10) + text[1] - '0';
        return value <= highest;
    }
}
