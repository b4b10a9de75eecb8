using System.Globalization;
using Agent.Framing;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>Cases/framing/stamps.txt: what time a line says it is.</summary>
public sealed class StampTableTests
{
    const string Before = "2026-01-01T00:00:00.000Z";

    public static TheoryData<string, string, string, string, string> Table =>
        [.. from columns in Cases.Table("framing/stamps.txt", " | ")
            select new TheoryDataRow<string, string, string, string, string>(
                columns[0], columns[1], columns[2], columns[3], columns[4])];

    [Theory, MemberData(nameof(Table))]
    public void ALineSaysItsTime(string format, string zone, string now, string text, string instant)
    {
        var framer = new EventFramer(
            new() { TimestampFormat = format, Zone = TimeZoneInfo.FindSystemTimeZoneById(zone) },
            new(),
            new FakeTimeProvider(Instant(now)));
        framer.LastStamp = Instant(Before).ToUnixTimeMilliseconds();

        var events = framer.Begin(Escapes.Bytes(text), BlockEnd.Final, isAtFileStart: false);

        Assert.True(events.TryTake(out var frame));
        Assert.Equal(
            Instant(instant == "before" ? Before : instant),
            DateTimeOffset.FromUnixTimeMilliseconds(frame.Stamp!.Value));
        Assert.Equal(instant == "before", frame.IsStampInherited);
    }

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
