using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Agent.Framing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>What is remembered of the timestamps before changes nothing of what is found, only how fast.</summary>
public sealed class RepeatedStampTests
{
    const int Lines = 20_000;

    // Pieces of which one is the beginning of another, and which go on as one another.
    static readonly string[] Pieces =
    [
        "Mar", "March", "May", "c", "h", " ", " ", "1", "12", "3", ":", ".", "5", "05", "2026", "-", "T", "Z", "+01",
        "x"
    ];

    [Theory]
    [InlineData("%b %d %H:%M")]
    [InlineData("%B %-d")]
    [InlineData("%d.%m")]
    [InlineData("%M:%S.%f")]
    [InlineData("%Y-%m-%d %H %Z")]
    [InlineData("%H:%M %z")]
    public void AStampIsFoundWhereAFormatFindsItThatRemembersNothing(string format)
    {
        var remembering = StampFormat.Compile(format);
        foreach (var line in RandomLines(format))
        {
            var isFound = remembering.TryFind(line, out var from, out var bytes, out var fields);
            var expected = StampFormat.Compile(format)
                .TryFind(line, out var expectedFrom, out var expectedBytes, out var expectedFields);

            Assert.Equal(expected, isFound);
            if (isFound)
            {
                Assert.Equal((expectedFrom, expectedBytes), (from, bytes));
                Assert.Equal(expectedFields, fields);
            }
        }
    }

    [Theory]
    [InlineData("%b %d %H:%M")]
    [InlineData("%H:%M")]
    [InlineData("%Y-%m-%d %H:%M")]
    public void AnInstantIsThatOfAReaderThatRemembersNothing(string format)
    {
        // The clock goes back an hour at three in the morning of 10 February. The year and the day are guessed.
        var time = new FakeTimeProvider(new(2026, 2, 10, 3, 30, 0, TimeSpan.Zero));
        var zone = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(1), "x", "x", "y",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(new(1, 1, 1, 2, 0, 0), 1, 5),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(new(1, 1, 1, 3, 0, 0), 2, 10))
        ]);
        var compiled = StampFormat.Compile(format);
        var remembering = new StampReader(compiled, zone, time);
        var random = new Random(format.Length);
        long? last = null;
        var (written, recalled) = ("", 0);
        for (var i = 0; i < Lines; i++)
        {
            written = random.Next(3) > 0 && written.Length > 0 ? written : new DateTime(
                2026, random.Next(1, 13), random.Next(9, 12), random.Next(1, 4), random.Next(60), 0)
                .ToString(Net(format), CultureInfo.InvariantCulture);
            var line = Encoding.UTF8.GetBytes(written + " x");
            if (random.Next(50) == 0)
            {
                time.Advance(TimeSpan.FromHours(random.Next(40)));
                remembering.LookAtClock();
            }

            var isRecalled = remembering.TryRecall(line, last, out _, out var recalledStamp);
            var isRead = remembering.TryRead(line, last, out _, out _, out var stamp);
            var expected = new StampReader(compiled, zone, time)
                .TryRead(line, last, out _, out _, out var expectedStamp);

            Assert.Equal((expected, expectedStamp), (isRead, stamp));
            Assert.True(!isRecalled || recalledStamp == stamp);
            recalled += isRecalled ? 1 : 0;
            last = isRead ? stamp : last;
            last += random.Next(10) == 0 ? random.Next(7_200_000) - 3_600_000 : 0;
        }

        Assert.InRange(recalled, Lines / 10, Lines);
    }

    [Fact]
    public void AZoneThatGoesOnIsAnother()
    {
        var format = StampFormat.Compile("%H:%M %z");
        Assert.True(format.TryFind("12:00 +01: a"u8, out _, out _, out var hour));
        Assert.True(format.TryFind("12:00 +01:30 b"u8, out _, out _, out var hourAndHalf));

        Assert.Equal((60, 90), (hour.OffsetMinutes, hourAndHalf.OffsetMinutes));
    }

    [Theory]
    [InlineData("%b %d %H:%M", @"[A-Z][a-z]{2} \d\d? \d{2}:\d{2}")]
    [InlineData("%M:%S.%f", @"\d{2}:\d{2}\.\d{1,9}")]
    [InlineData("%B %-d", "(March|May) [1-9]")]
    public void ALineBeginsAnEventWhereTheExpressionSaysSo(string format, string expression)
    {
        var start = new RepeatedStart(Matches, StampFormat.Compile(format));
        var begun = 0;
        foreach (var line in RandomLines(format))
        {
            var begins = start.Begins(line);
            Assert.Equal(Matches(line), begins);
            begun += begins ? 1 : 0;
        }

        Assert.InRange(begun, Lines / 100, Lines);
        bool Matches(ReadOnlySpan<byte> text) => Regex.IsMatch(Encoding.UTF8.GetString(text), expression);
    }

    [Fact]
    public void AStampThatIsNoneByTheExpressionIsNotTakenForOneSinceItsLineHadAnother()
    {
        var start = new RepeatedStart(text => text.IndexOf("05"u8) >= 0, StampFormat.Compile("%d.%m"));

        Assert.True(start.Begins("5.12 and 05"u8));
        Assert.True(start.Begins("5.12 and 05"u8));
        Assert.False(start.Begins("5.12 alone"u8));
    }

    // Half of them begin as the one before did, or nearly so.
    static IEnumerable<byte[]> RandomLines(string format)
    {
        var random = new Random(format.Length);
        var before = "";
        for (var i = 0; i < Lines; i++)
        {
            var kept = random.Next(2) == 0 ? before[..random.Next(before.Length + 1)] : Sample(format, random);
            before = kept + string.Concat(random.GetItems(Pieces, random.Next(4)));
            yield return Encoding.UTF8.GetBytes(before);
        }
    }

    static string Sample(string format, Random random) => random.Next(3) == 0
        ? string.Concat(random.GetItems(Pieces, 5))
        : new DateTime(2026, 3 + (2 * random.Next(2)), 1 + random.Next(28), random.Next(24), random.Next(60), 5)
            .ToString(Net(format), System.Globalization.CultureInfo.InvariantCulture);

    static string Net(string format) => format switch
    {
        "%b %d %H:%M" => "MMM dd HH:mm",
        "%B %-d" => "MMMM d",
        "%d.%m" => "dd.MM",
        "%M:%S.%f" => "mm:ss.ff",
        "%Y-%m-%d %H %Z" => "yyyy-MM-dd HH 'UTC'",
        "%Y-%m-%d %H:%M" => "yyyy-MM-dd HH:mm",
        "%H:%M" => "HH:mm",
        _ => "HH:mm '+0100'"
    };
}
