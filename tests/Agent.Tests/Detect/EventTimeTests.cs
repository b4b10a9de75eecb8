using System.Globalization;
using System.Text;
using Agent.Detect;
using Agent.Tests.Support;
using CsCheck;
using Xunit;

namespace Agent.Tests.Detect;

/// <summary>When a line was written, by what it says itself.</summary>
public sealed class EventTimeTests
{
    public static TheoryData<string, string, string, string> Lines
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var row in Cases.Table("detect/times.txt", "|"))
                data.Add(row[0], row[1], row[2], row[3]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void ALineSaysWhenItWasWritten(string now, string zone, string line, string expected)
    {
        var seconds = EventTime.Of(
            Encoding.UTF8.GetBytes(line), Time(now), TimeZoneInfo.FindSystemTimeZoneById(zone));

        Assert.Equal(expected == "-" ? null : Time(expected).ToUnixTimeSeconds(), seconds);
    }

    [Fact]
    public void NoBytesBreakIt() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 30], Gen.Byte).Sample(
            (isIso, at, one) =>
            {
                var bytes = (isIso ? "2026-11-06T09:05:01.1+01:00"u8 : "Nov  6 09:05:01 h"u8).ToArray();
                bytes[at % bytes.Length] = one;
                _ = EventTime.Of(bytes, Time("2026-11-06T10:00:00"), TimeZoneInfo.Utc);
                _ = EventTime.Of(bytes.AsSpan(0, at % bytes.Length), Time("2026-11-06T10:00:00"), TimeZoneInfo.Utc);
            },
            iter: 20_000);

    /// <summary>The times of lines that follow each other, while the clock goes on too: also in the hours that a clock
    /// skips, or goes through twice.</summary>
    [Theory]
    [InlineData("UTC", "2026-03-29T01:00:00")]
    [InlineData("Europe/Berlin", "2026-03-29T01:00:00")]
    [InlineData("Europe/Berlin", "2026-10-25T01:00:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T15:00:00")]
    [InlineData("America/New_York", "2027-01-01T05:00:00")]
    public void LinesOfOneMinuteAreReadAsEachOfThemAlone(string zoneName, string around)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        Gen.Select(Gen.Int[-12, 12], Gen.Int[-2, 2], Gen.Int[-1, 1], Gen.Int[0, 59]).Array[1, 60].Sample(
            steps =>
            {
                var times = new EventTimes(zone);
                foreach (var (line, hours, ahead, seconds) in steps)
                {
                    var time = Time(around).AddMinutes(line / 4 * 30);
                    var written = TimeZoneInfo.ConvertTime(time, zone);
                    var utf8 = Encoding.UTF8.GetBytes(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{written:MMM} {written.Day,2} {written:HH:mm}:{seconds:00} host"));
                    var clock = time.AddHours(hours).AddSeconds(ahead * 20);
                    Assert.Equal(EventTime.Of(utf8, clock, zone), times.Of(utf8, clock));
                }
            },
            iter: 5000);
    }

    static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
