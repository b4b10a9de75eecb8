namespace Agent.Framing;

/// <summary>What a timestamp says, as far as its format has it.</summary>
struct StampFields
{
    public int? Year;
    public int? Month;
    public int? Day;
    public int? DayOfYear;
    public int Hour;
    public int Minute;
    public int Second;
    public int Milliseconds;
    public bool? IsAfternoon;
    public long? EpochSeconds;

    /// <summary>Minutes east of UTC; null for the configured zone.</summary>
    public int? OffsetMinutes;

    /// <summary>Where the digits of the seconds stand in it, and those of their fraction; negative where what stands
    /// around them may depend on them. As <see cref="StampFormat"/> found them.</summary>
    public int SecondsAt;
    public int FractionAt;

    /// <summary>Whether no element had to be tried again for the sake of those behind it.</summary>
    public bool IsFirstFit;

    /// <summary>The time of the day, in ticks. A leap second is the first of the next minute.</summary>
    public readonly long TimeTicks
    {
        get
        {
            var hour = IsAfternoon switch
            {
                true when Hour < 12 => Hour + 12,
                false when Hour == 12 => 0,
                _ => Hour
            };
            return (((((hour * 60L) + Minute) * 60) + Second) * TimeSpan.TicksPerSecond)
                + (Milliseconds * TimeSpan.TicksPerMillisecond);
        }
    }

    /// <summary>The beginning of the day in a year, in ticks; null when the year has no such day.</summary>
    public readonly long? DayTicks(int year)
    {
        if (year is < 2 or > 9998)
        {
            return null;
        }

        if (DayOfYear is { } dayOfYear)
        {
            return dayOfYear == 366 && !DateTime.IsLeapYear(year)
                ? null
                : new DateTime(year, 1, 1).Ticks + ((dayOfYear - 1) * TimeSpan.TicksPerDay);
        }

        var (month, day) = (Month ?? 1, Day ?? 1);
        return day > DateTime.DaysInMonth(year, month) ? null : new DateTime(year, month, day).Ticks;
    }
}
