using System.Buffers;
using System.Globalization;
using System.Text;

namespace Agent.Framing;

/// <summary>A timestamp format, compiled to elements that are matched on bytes. What it finds is the first place in a
/// text where the whole format fits. A format that tells no time is found nowhere.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class StampFormat
{
    // From one place of the text. The usual format needs one step for each element; only a format in which numbers
    // follow each other without anything between them needs more.
    const int MostSteps = 200;

    static readonly byte[][] Months = Names(DateTimeFormatInfo.InvariantInfo.MonthNames);
    static readonly byte[][] ShortMonths = Names(DateTimeFormatInfo.InvariantInfo.AbbreviatedMonthNames);
    static readonly byte[][] Weekdays = Names(DateTimeFormatInfo.InvariantInfo.DayNames);
    static readonly byte[][] ShortWeekdays = Names(DateTimeFormatInfo.InvariantInfo.AbbreviatedDayNames);

    readonly StampElement[] _elements;
    readonly SearchValues<byte> _firstBytes;
    readonly int _seconds; // which element that is; negative when others may depend on their digits
    readonly int _fraction;
    readonly bool _hasZone; // asked for at each line that is looked at

    StampFormat(List<StampElement> elements)
    {
        var tellsTime = elements.Exists(element => element.Part is not (StampPart.Literal or StampPart.WeekdayName));
        _elements = tellsTime ? [.. elements] : [];
        _seconds = PlaceOfSeconds();
        _fraction = PlaceOfFraction();
        _hasZone = Has(StampPart.ZoneOffset);
        HasYear = Has(StampPart.Year, StampPart.ShortYear, StampPart.EpochSeconds);
        HasDay = Has(
            StampPart.Month, StampPart.MonthName, StampPart.Day, StampPart.DayOfYear, StampPart.EpochSeconds);
        _firstBytes = SearchValues.Create(
            [.. from first in Enumerable.Range(0, 256)
                where _elements.Length > 0 && _elements[0].CanBegin((byte)first)
                select (byte)first]);
    }

    /// <summary>Without a year it has to be guessed.</summary>
    public bool HasYear { get; }

    /// <summary>Without any of the date it has to be guessed too.</summary>
    public bool HasDay { get; }

    /// <summary>Compiles a format. What is no token stands for itself.</summary>
    public static StampFormat Compile(string format)
    {
        List<StampElement> elements = [];
        var literal = new StringBuilder();
        for (var rest = format; rest.Length > 0;)
        {
            if (Expansion(rest) is { } expansion)
            {
                rest = expansion + rest[2..];
                continue;
            }

            var length = rest.StartsWith("%-", StringComparison.Ordinal) ? 3 : 2;
            if (rest.Length >= length && rest[0] == '%' && Token(rest[1..length]) is { } element)
            {
                AddLiteral();
                elements.Add(element);
                rest = rest[length..];
                continue;
            }

            literal.Append(rest[0]);
            rest = rest[(rest.StartsWith("%%", StringComparison.Ordinal) ? 2 : 1)..];
        }

        AddLiteral();
        return new(elements);

        void AddLiteral()
        {
            if (literal.Length > 0)
            {
                elements.Add(new(StampPart.Literal, Names: Names([literal.ToString()])));
                literal.Clear();
            }
        }
    }

    /// <summary>Finds the first timestamp of a text.</summary>
    public bool TryFind(ReadOnlySpan<byte> text, out int from, out int bytes, out StampFields fields)
    {
        for (from = 0; ; from++)
        {
            fields = default;
            bytes = 0;
            var next = text[from..].IndexOfAny(_firstBytes);
            if (next < 0)
            {
                return false;
            }

            from += next;
            var steps = MostSteps + _elements.Length;
            (fields.SecondsAt, fields.FractionAt) = (-1, -1);
            bytes = Fit(text[from..], 0, 0, ref fields, ref steps);
            if (bytes > 0)
            {
                fields.IsFirstFit = steps == MostSteps;
                return true;
            }
        }
    }

    /// <summary>Whether more than the byte that follows a timestamp may decide on how it is read: whether minutes
    /// belong to its zone.</summary>
    public bool GoesOn(byte following) =>
        _hasZone && (following == ':' || char.IsAsciiDigit((char)following));

    // Where the elements end of which this is the next; negative when they do not fit.
    int Fit(ReadOnlySpan<byte> text, int at, int index, ref StampFields fields, ref int steps)
    {
        if (index == _elements.Length)
        {
            return at;
        }

        fields.SecondsAt = index == _seconds ? at : fields.SecondsAt;
        fields.FractionAt = index == _fraction ? at : fields.FractionAt;
        var shorterThan = int.MaxValue;
        while (steps-- > 0 && _elements[index].Fit(text[at..], shorterThan, ref fields) is var length && length > 0)
        {
            var end = Fit(text, at + length, index + 1, ref fields, ref steps);
            if (end >= 0)
            {
                return end;
            }

            shorterThan = length;
        }

        return -1;
    }

    // With other digits the same elements would stand at the same places: what is before them ends with what is no
    // digit, and so what is behind them begins. No zone is before them, which takes as much as it can.
    int PlaceOfSeconds()
    {
        var at = Array.FindIndex(_elements, element => element.Part == StampPart.Second);
        return at > 0 && _elements[at] is { FewestDigits: 2, MostDigits: 2 }
            && _elements[at - 1].Part == StampPart.Literal && !BeginsWithNumber(at + 1)
            && Array.FindLastIndex(_elements, element => element.Part == StampPart.Second) == at
            && !Has(StampPart.EpochSeconds)
            && !Array.Exists(_elements[..at], element => element.Part is StampPart.ZoneName or StampPart.ZoneOffset)
            && !Array.Exists(_elements, element => element.HasLiteralDigit) ? at : -1;
    }

    int PlaceOfFraction()
    {
        var at = _seconds + 2;
        return _seconds > 0 && at < _elements.Length && _elements[at].Part == StampPart.Fraction
            && _elements[at - 1].Part == StampPart.Literal && !BeginsWithNumber(at + 1)
            && Array.FindAll(_elements, element => element.Part == StampPart.Fraction).Length == 1 ? at : -1;
    }

    bool BeginsWithNumber(int index) => index < _elements.Length && _elements[index].CanBegin((byte)'0');

    static string? Expansion(string rest) => rest switch
    {
        ['%', 'T', ..] => "%H:%M:%S",
        ['%', 'D', ..] => "%m/%d/%y",
        ['%', 'F', ..] => "%Y-%m-%d",
        _ => null
    };

    static StampElement? Token(string token) => token switch
    {
        "Y" => new(StampPart.Year, 4, 4),
        "y" => new(StampPart.ShortYear, 2, 2),
        "m" or "-m" => new(StampPart.Month, 1, 2, MayBeginWithSpace: true),
        "d" or "-d" or "e" => new(StampPart.Day, 1, 2, MayBeginWithSpace: true),
        "j" => new(StampPart.DayOfYear, 3, 3),
        "H" or "I" => new(StampPart.Hour, 2, 2),
        "-H" or "-I" => new(StampPart.Hour, 1, 2),
        "M" => new(StampPart.Minute, 2, 2),
        "-M" => new(StampPart.Minute, 1, 2),
        "S" => new(StampPart.Second, 2, 2),
        "-S" => new(StampPart.Second, 1, 2),
        "f" => new(StampPart.Fraction, 1, 9),
        "s" => new(StampPart.EpochSeconds, 1, 10),
        "B" => new(StampPart.MonthName, Names: Months),
        "b" => new(StampPart.MonthName, Names: ShortMonths),
        "A" => new(StampPart.WeekdayName, Names: Weekdays),
        "a" => new(StampPart.WeekdayName, Names: ShortWeekdays),
        "p" => new(StampPart.HalfOfDay, Names: ["AM"u8.ToArray(), "PM"u8.ToArray()]),
        "Z" => new(StampPart.ZoneName),
        "z" => new(StampPart.ZoneOffset),
        _ => null
    };

    static byte[][] Names(string[] names) =>
        [.. from name in names where name.Length > 0 select Encoding.UTF8.GetBytes(name)];

    bool Has(params StampPart[] parts) => Array.Exists(_elements, element => parts.Contains(element.Part));
}
