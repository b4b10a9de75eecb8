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

    static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
