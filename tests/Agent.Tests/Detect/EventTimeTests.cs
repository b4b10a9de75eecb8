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
        Gen.Select(Gen.Int[-7200, 7200], Gen.Int[-100_000, 100_000], Gen.Int[0, 40]).Array[1, 40].Sample(
            steps =>
            {
                var times = new EventTimes(zone);
                foreach (var (line, now, seconds) in steps)
                {
                    var written = TimeZoneInfo.ConvertTime(Time(around).AddSeconds(line / 600 * 600), zone);
                    var text = written.ToString("MMM dd HH:mm:", CultureInfo.InvariantCulture) + $"{seconds:00} host";
                    var utf8 = Encoding.UTF8.GetBytes(text.Replace(" 0", "  ", StringComparison.Ordinal));
                    var clock = Time(around).AddSeconds(now / 20_000 * 20_000);
                    Assert.Equal(EventTime.Of(utf8, clock, zone), times.Of(utf8, clock));
                }
            },
            iter: 2000);
    }

    static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
