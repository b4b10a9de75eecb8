using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Agent.Framing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>What is remembered of the timestamp before changes nothing of what is found, only how fast.</summary>
public sealed class StampFormTests
{
    const int Lines = 20_000;
    const string Longer = "more bytes than are remembered, and those are sixty-three in all: 0";

    // Pieces of which one is the beginning of another, and which go on as one another.
    static readonly string[] Pieces =
    [
        "Mar", "March", "May", "c", "h", " ", " ", "1", "12", "3", ":", ".", "5", "05", "60", "2026", "-", "T", "Z",
        "+01", "x"
    ];

    // The clock goes back an hour at three in the morning of 10 February.
    static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(1), "x", "x", "y",
    [
        TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new(1, 1, 1, 2, 0, 0), 1, 5),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new(1, 1, 1, 3, 0, 0), 2, 10))
    ]);

    [Theory]
    [InlineData("%b %d %H:%M", true)]
    [InlineData("%B %-d", true)]
    [InlineData("%d.%m", true)]
    [InlineData("%M:%S.%f", true)]
    [InlineData("%M:%S%f", true)]
    [InlineData("%M:%S.%f%H", false)]
    [InlineData("%S.%f:%M", true)]
    [InlineData("%H:%S:%S", true)]
    [InlineData("%m%S", true)]
    [InlineData("%-H:%-S", true)]
    [InlineData("%M:%S 5%H", true)]
    [InlineData("%M:%S.%f %p%f", true)]
    [InlineData("%z:%S", false)]
    [InlineData("%s:%S", true)]
    [InlineData("%Y-%m-%d %H %Z", true)]
    [InlineData("%H:%M %z", true)]
    public void AStampIsReadWhereAReaderFindsItThatRemembersNothing(string format, bool isRecalled)
    {
        var time = new FakeTimeProvider(new(2026, 2, 10, 3, 30, 0, TimeSpan.Zero));
        var (compiled, recalled) = (StampFormat.Compile(format), 0);
        var remembering = new StampReader(compiled, Zone, time);
        foreach (var line in RandomLines(format))
        {
            recalled += remembering.Form.TryRead(line, out _) ? 1 : 0;
            AssertReadsAsAFreshOne(remembering, new(compiled, Zone, time), line, last: null);
        }

        Assert.Equal(isRecalled, recalled > Lines / 100); // not where an element is tried again
    }

    [Theory]
    [InlineData("%b %d %H:%M")]
    [InlineData("%b %d %H:%M:%S")]
    [InlineData("%H:%M")]
    [InlineData("%H:%M:%S")]
    [InlineData("%Y-%m-%d %H:%M")]
    [InlineData("%Y-%m-%d %H:%M:%S.%f")]
    public void AnInstantIsThatOfAReaderThatRemembersNothing(string format)
    {
        // The year and the day are guessed.
        var time = new FakeTimeProvider(new(2026, 2, 10, 3, 30, 0, TimeSpan.Zero));
        var compiled = StampFormat.Compile(format);
        var remembering = new StampReader(compiled, Zone, time);
        var random = new Random(format.Length);
        long? last = null;
        var (written, recalled) = (new DateTime(2026, 2, 9), 0);
        for (var i = 0; i < Lines; i++)
        {
            written = random.Next(4) == 0
                ? new(2026, random.Next(1, 13), random.Next(9, 12), random.Next(1, 4), random.Next(60), 0)
                : written.AddMilliseconds(random.Next(-3_000, 3_000));
            var line = Encoding.UTF8.GetBytes(written.ToString(Net(format), CultureInfo.InvariantCulture) + " x");
            if (random.Next(50) == 0)
            {
                time.Advance(TimeSpan.FromSeconds(random.Next(140_000)));
                remembering.LookAtClock();
            }

            recalled += remembering.Form.TryRead(line, out _) ? 1 : 0;
            var stamp = AssertReadsAsAFreshOne(remembering, new(compiled, Zone, time), line, last);
            last = stamp ?? last;
            last += random.Next(10) == 0 ? random.Next(7_200_000) - 3_600_000 : 0;
        }

        Assert.InRange(recalled, Lines / 10, Lines);
    }

    [Theory]
    [InlineData("%b %d %H:%M:%S", "Feb 10 02:59:57")] // the year
    [InlineData("%H:%M:%S", "02:59:57")] // the day
    public void AMinuteInWhichAGuessTurnsIsReadLineByLine(string format, string first)
    {
        var compiled = StampFormat.Compile(format);
        var began = DateTimeOffset.ParseExact(
            first, Net(format), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var ahead = format[1] == 'b' ? TimeSpan.FromDays(30) : TimeSpan.FromHours(2);
        for (var seconds = -5; seconds < 5; seconds++)
        {
            var time = new FakeTimeProvider(
                new DateTimeOffset(2026, 2, 10, 2, 59, 58, TimeSpan.Zero) - ahead + TimeSpan.FromSeconds(seconds));
            var remembering = new StampReader(compiled, TimeZoneInfo.Utc, time);
            for (var i = -50; i < 10; i++)
            {
                var line = Encoding.UTF8.GetBytes(
                    began.AddSeconds(i).ToString(Net(format), CultureInfo.InvariantCulture) + " x");
                AssertReadsAsAFreshOne(remembering, new(compiled, TimeZoneInfo.Utc, time), line, last: null);
            }
        }
    }

    [Fact]
    public void OnlyTheDigitsOfTheSecondsMayDiffer()
    {
        var reader = new StampReader(
            StampFormat.Compile("%Y-%m-%d %H:%M:%S,%f"), TimeZoneInfo.Utc, new FakeTimeProvider());
        foreach (var line in new[] { "2026-02-10 03:30:05,123 a", "2026-02-10 03:30:06,123 a" })
        {
            Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(line), null, out _, out _, out _));
        }

        var first = new DateTimeOffset(2026, 2, 10, 3, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Assert.Equal(first + 59_999, Read("2026-02-10 03:30:59,999 b"));
        Assert.Equal(first + 7, Read("2026-02-10 03:30:00,007 "));
        string[] others =
        [
            "2026-02-10 03:31:05,123 a", "2026-02-10 03:30:60,123 a", "2026-02-10 03:30:5x,123 a",
            "2026-02-10 03:30:05.123 a", "2026-02-10 03:30:05,1234 a", "2026-02-10 03:30:05,12x a",
            "2026-02-10 03:30:05,123", "2026-02-10 03:30:05", ""
        ];
        Assert.All(others, other => Assert.Null(Read(other)));

        long? Read(string line) => reader.Form.TryRead(Encoding.UTF8.GetBytes(line), out var stamp) ? stamp : null;
    }

    [Fact]
    public void WhatTheClockGuessedIsNotRememberedWhenItIsLookedAtAgain()
    {
        var time = new FakeTimeProvider(new(2026, 2, 10, 3, 30, 0, TimeSpan.Zero));
        var reader = new StampReader(StampFormat.Compile("%b %d %H:%M:%S"), TimeZoneInfo.Utc, time);
        Read("Mar 11 04:00:01 a");
        Assert.Equal(new(2026, 3, 11, 4, 0, 2, TimeSpan.Zero), Read("Mar 11 04:00:02 a"));

        time.SetUtcNow(new(2027, 2, 10, 3, 30, 0, TimeSpan.Zero));
        reader.LookAtClock();

        Assert.Equal(new(2027, 3, 11, 4, 0, 3, TimeSpan.Zero), Read("Mar 11 04:00:03 a"));

        DateTimeOffset Read(string line) =>
            reader.TryRead(Encoding.UTF8.GetBytes(line), null, out _, out _, out var stamp)
                ? DateTimeOffset.FromUnixTimeMilliseconds(stamp) : default;
    }

    [Theory]
    [InlineData("%H:%M %z", "12:00 +01: a", "12:00 +01:30 b")]
    [InlineData("%H:%M %z", "12:00 +01 a", "12:00 +01:30 b")]
    [InlineData("%H:%M %z", "12:00 +013 a", "12:00 +0130 b")]
    [InlineData("%H:%M:%S %z:", "12:00:00 +01:3 a", "12:00:01 +01:30: b")]
    [InlineData("%H:%M %Z", "12:00 UTC a", "12:00 UTCX b")]
    [InlineData("more bytes than are remembered, and those are sixty-three in all: %S", Longer + "1 x", Longer + "2 y")]
    [InlineData("%-H%d", "12 x", "12 5 x")]
    [InlineData("%Y%m%d", "202612 x", "202612 5")]
    [InlineData("%H:%M:%S.%f", "12:00:00.5 x", "12:00:00.55 x")]
    [InlineData("%H:%M:%S", "12:00:00", "12:00:00.5 x")]
    public void AStampThatGoesOnIsAnother(string format, string first, string then)
    {
        var (compiled, time) = (StampFormat.Compile(format), new FakeTimeProvider());
        var remembering = new StampReader(compiled, Zone, time);
        foreach (var line in new[] { first, first, then, first })
        {
            AssertReadsAsAFreshOne(remembering, new(compiled, Zone, time), Encoding.UTF8.GetBytes(line), last: null);
        }
    }

    [Theory]
    [InlineData("%Y-%m-%dT%H:%M:%S", "2026-02-10T03:30:01Z a", "2026-02-10T03:30:59Z b")]
    [InlineData("%Y-%m-%dT%H:%M:%S.%f", "2026-02-10T03:30:01.123Z a", "2026-02-10T03:30:59.456Z b")]
    [InlineData("%H:%M:%S", "03:30:01: a", "03:30:02: b")]
    [InlineData("%H:%M:%S", "03:30:01é", "03:30:02é")]
    [InlineData("[%d/%b/%Y:%H:%M:%S %z]", "[10/Feb/2026:03:30:01 +0100] a", "[10/Feb/2026:03:30:02 +0100] b")]
    public void ALineIsReadByTheFormOfTheOneBeforeWhateverFollows(string format, string first, string then)
    {
        var reader = new StampReader(StampFormat.Compile(format), Zone, new FakeTimeProvider());
        Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(first), null, out _, out _, out _));
        Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(first), null, out _, out _, out _));

        Assert.True(reader.Form.TryRead(Encoding.UTF8.GetBytes(then), out _));
    }

    [Fact]
    public void ALineThatIsLookedAtAllocatesNothing()
    {
        var reader = new StampReader(
            StampFormat.Compile("%Y-%m-%d %H:%M:%S"), TimeZoneInfo.Utc, new FakeTimeProvider(), _ => true);
        var lines = Enumerable.Range(0, 60).Select(i => Encoding.UTF8.GetBytes($"2026-02-10 03:{i:D2}:01 a")).ToList();
        lines.ForEach(Read); // what is made once
        var before = GC.GetAllocatedBytesForCurrentThread();
        lines.ForEach(Read);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200);
        void Read(byte[] line) => Assert.True(reader.TryRead(line, null, out _, out _, out _));
    }

    [Fact]
    public void ATimestampOfTwoLinesHasNoForm()
    {
        var reader = new StampReader(StampFormat.Compile("%d%m"), TimeZoneInfo.Utc, new FakeTimeProvider());
        Assert.True(reader.TryRead("5\n5\nfoo"u8, null, out _, out _, out _));

        Assert.Equal(0, reader.Form.Bytes);
    }

    [Fact]
    public void InTheRepeatedHourItIsKnownThatAnEventBeginsThoughNotWhen()
    {
        var asked = 0;
        var reader = new StampReader(
            StampFormat.Compile("%Y-%m-%d %H:%M:%S"), Zone, new FakeTimeProvider(), _ => asked++ == 0);
        reader.TryRead("2026-02-10 02:30:01 a"u8, null, out _, out _, out _);
        reader.TryRead("2026-02-10 02:30:02 b"u8, null, out _, out _, out var first);
        reader.TryRead("2026-02-10 02:30:02 c"u8, first + 3_000_000, out _, out _, out var again);

        Assert.True(reader.Form is { IsKnown: false, BeginsEvents: true });
        Assert.Equal(first + 3_600_000, again);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void ALineThatHasNoFormLeavesThatOfTheOneBefore()
    {
        var reader = new StampReader(
            StampFormat.Compile("%Y-%m-%d %H:%M:%S"), TimeZoneInfo.Utc, new FakeTimeProvider());
        foreach (var line in new[] { "2026-02-10 03:30:01 a", "2026-02-10 03:30:02 b", "2026-02-10 03:31:00" })
        {
            Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(line), null, out _, out _, out _));
        }

        Assert.True(reader.Form.TryRead("2026-02-10 03:30:03 c"u8, out _));
    }

    [Theory]
    [InlineData("%b %d %H:%M", @"[A-Z][a-z]{2} \d\d? \d{2}:\d{2}")]
    [InlineData("%M:%S.%f", @"\d{2}:\d{2}\.\d{1,9}")]
    [InlineData("%B %-d", "(March|May) [1-9]")]
    public void ALineBeginsAnEventWhereTheExpressionSaysSo(string format, string expression)
    {
        var reader = new StampReader(StampFormat.Compile(format), Zone, new FakeTimeProvider(), Matches);
        var begun = 0;
        foreach (var line in RandomLines(format))
        {
            if (reader.Form.BeginsEvents && reader.Form.Fits(line))
            {
                Assert.True(Matches(line));
                begun++;
            }

            reader.TryRead(line, null, out _, out _, out _);
        }

        Assert.InRange(begun, Lines / 100, Lines);
        bool Matches(ReadOnlySpan<byte> text) => Regex.IsMatch(Encoding.UTF8.GetString(text), expression);
    }

    [Fact]
    public void AStampThatIsNoneByTheExpressionIsNotTakenForOneSinceItsLineHadAnother()
    {
        var reader = new StampReader(
            StampFormat.Compile("%d.%m"), TimeZoneInfo.Utc, new FakeTimeProvider(), text => text.IndexOf("05"u8) >= 0);
        reader.TryRead("5.12 and 05"u8, null, out _, out _, out _);
        reader.TryRead("5.12 and 05"u8, null, out _, out _, out _);

        Assert.True(reader.Form.IsKnown);
        Assert.False(reader.Form.BeginsEvents);
    }

    static long? AssertReadsAsAFreshOne(StampReader remembering, StampReader fresh, byte[] line, long? last)
    {
        var isRead = remembering.TryRead(line, last, out var from, out var bytes, out var stamp);
        var expected = fresh.TryRead(line, last, out var expectedFrom, out var expectedBytes, out var expectedStamp);

        Assert.Equal(expected, isRead);
        if (isRead)
        {
            Assert.Equal((expectedFrom, expectedBytes, expectedStamp), (from, bytes, stamp));
        }

        return isRead ? stamp : null;
    }

    // Most of them begin as the one before did, or nearly so.
    static IEnumerable<byte[]> RandomLines(string format)
    {
        var random = new Random(format.Length);
        var before = "";
        for (var i = 0; i < Lines; i++)
        {
            before = random.Next(10) switch
            {
                0 => before[..random.Next(before.Length + 1)] + string.Concat(random.GetItems(Pieces, 1)),
                1 => Sample(format, random),
                < 7 => WithOneOtherDigit(before, random),
                _ => before
            };
            var rest = random.Next(4) == 0 ? string.Concat(random.GetItems(Pieces, 3)) : " x";
            yield return Encoding.UTF8.GetBytes(before + rest);
        }
    }

    static string WithOneOtherDigit(string text, Random random)
    {
        var at = random.Next(text.Length + 1);
        return at < text.Length && char.IsAsciiDigit(text[at])
            ? $"{text[..at]}{random.Next(10)}{text[(at + 1)..]}"
            : text;
    }

    static string Sample(string format, Random random) => random.Next(3) == 0
        ? string.Concat(random.GetItems(Pieces, 5))
        : new DateTime(2026, 3 + (2 * random.Next(2)), 1 + random.Next(28), random.Next(24), random.Next(60), 5)
            .AddMilliseconds(random.Next(10_000)).ToString(Net(format), CultureInfo.InvariantCulture);

    static string Net(string format) => format switch
    {
        "%b %d %H:%M" => "MMM dd HH:mm",
        "%b %d %H:%M:%S" => "MMM dd HH:mm:ss",
        "%B %-d" => "MMMM d",
        "%d.%m" => "dd.MM",
        "%M:%S.%f" => "mm:ss.ff",
        "%M:%S%f" => "mm:ssff",
        "%M:%S.%f%H" => "mm:ss.ffHH",
        "%S.%f:%M" => "ss.ff:mm",
        "%H:%S:%S" => "HH:ss:mm",
        "%m%S" => "MMss",
        "%-H:%-S" => "H:%s",
        "%M:%S 5%H" => "mm:ss '5'HH",
        "%M:%S.%f %p%f" => "mm:ss.ff tt'5'",
        "%z:%S" => "'+01':ss",
        "%s:%S" => "'1763238923':ss",
        "%Y-%m-%d %H %Z" => "yyyy-MM-dd HH 'UTC'",
        "%Y-%m-%d %H:%M" => "yyyy-MM-dd HH:mm",
        "%Y-%m-%d %H:%M:%S.%f" => "yyyy-MM-dd HH:mm:ss.fff",
        "%H:%M" => "HH:mm",
        "%H:%M:%S" => "HH:mm:ss",
        _ => "HH:mm '+0100'"
    };
}
