using System.Text;
using Agent.Framing;
using Agent.Tests.Support;
using CloudWatch;
using CloudWatch.Matching;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>What an event is when files are quiet, huge, full of holes, or read by somebody who stops.</summary>
public sealed class EventFramerTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    static readonly FramingPlan Stamped =
        new() { TimestampFormat = "%b %d %H:%M:%S", Zone = TimeZoneInfo.Utc };

    [Theory]
    [InlineData("a\n", "a", 2)]
    [InlineData("a\n b\n", @"a\x0A\x20b", 5)]
    [InlineData("a\n b\n c", @"a\x0A\x20b", 5)]
    [InlineData("a\nb", "a", 2)]
    [InlineData("a", "", 0)]
    [InlineData("a\r", "", 0)]
    public void AQuietFilesLastEventIsOverAsFarAsItsLinesAreComplete(string file, string events, int consumed)
    {
        var framed = new Framed(new()).Read(Encoding.UTF8.GetBytes(file), BlockEnd.Quiet);

        Assert.Equal((events, consumed), (framed.Events, framed.ConsumedBytes));
    }

    [Fact]
    public void AHoleIsConsumedAtOnceHoweverLong()
    {
        var hole = new byte[1 << 20];

        var framed = new Framed(new()).Read(hole, BlockEnd.Open);

        Assert.Equal([hole.Length], framed.Consumed);
        Assert.Empty(framed.Texts);
        Assert.Equal(hole.Length, framed.Counts.NulBytes);
    }

    [Fact]
    public void ALineWithoutEndGoesOutInPiecesThatFit()
    {
        var block = new byte[1 << 20];
        Array.Fill(block, (byte)'x');
        var framer = new EventFramer(new(), new(), TimeProvider.System);
        var consumed = 0L;
        for (var i = 0; i < 100; i++)
        {
            var events = framer.Begin(block, BlockEnd.Open, isAtFileStart: i == 0);
            while (events.TryTake(out var frame))
            {
                Assert.Equal(Limits.EventBytes, frame.Text.Length);
                consumed += frame.ConsumedBytes;
            }
        }

        Assert.Equal(100L * Limits.EventBytes, consumed);
    }

    [Theory]
    [InlineData("utf-8", 1)]
    [InlineData("utf-16le", 2)]
    [InlineData("utf-32le", 4)]
    [InlineData("gb18030", 1)]
    public void AMebibyteIsEnoughToGetOnInAnyEncoding(string encoding, int unitBytes)
    {
        var block = new byte[1 << 20];
        for (var i = 0; i < block.Length; i += unitBytes)
        {
            block[i] = (byte)'x';
        }

        var framed = new Framed(new() { EncodingName = encoding }).Read(block, BlockEnd.Open);

        Assert.Equal(Limits.EventBytes / unitBytes, Assert.Single(framed.Texts).Length);
    }

    [Fact]
    public void TheLongestEventFitsAndOneByteMoreGoesOnInTheNext()
    {
        var line = new string('x', Limits.EventBytes);

        var fits = new Framed(new()).Read(Encoding.UTF8.GetBytes(line + "\r\n"), BlockEnd.Final);
        var isSplit = new Framed(new()).Read(Encoding.UTF8.GetBytes(line + "y\r\n"), BlockEnd.Final);

        Assert.Equal([Limits.EventBytes], fits.Texts.Select(text => text.Length));
        Assert.Equal([Limits.EventBytes, 1], isSplit.Texts.Select(text => text.Length));
        Assert.Equal((0, 1), (fits.Counts.SplitPieces, isSplit.Counts.SplitPieces));
    }

    /// <summary>Anything quadratic would take minutes over a mebibyte.</summary>
    [Theory]
    [InlineData("a\0\0\0\0\0\0\0\0")]
    [InlineData("\0\0\0\0\0\0\0a")]
    [InlineData("\n")]
    [InlineData(" \n")]
    [InlineData(" \r\n")]
    [InlineData("\u00FF")]
    [InlineData("\u00FF\n ")]
    [InlineData("Nov 2")]
    [InlineData("Nov 25 07:59:5")]
    public void HostileBytesTakeLinearTime(string unit)
    {
        var block = Encoding.Latin1.GetBytes("a" + string.Concat(Enumerable.Repeat(unit, (1 << 20) / unit.Length)));
        var began = TimeProvider.System.GetTimestamp();

        var framed = new Framed(Stamped).Read(block, BlockEnd.Final);

        Assert.Equal(block.Length, framed.ConsumedBytes);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void WhatIsLeftOutOrChangedIsCounted()
    {
        var framed = new Framed(new() { LongestBytes = 16 })
            .Read([.. "\0\0a\n\n\r\n1234567890123456789\nb\0\0\0\0\0\0\0\0"u8, 0xFF, (byte)'\n'], BlockEnd.Final);

        Assert.Equal(@"a~1234567890123456~789~b\xEF\xBF\xBD", framed.Events);
        Assert.Equal(
            (4, 1, 1, 10, 2, 0),
            (framed.Counts.Events, framed.Counts.SplitPieces, framed.Counts.ReplacedSequences, framed.Counts.NulBytes,
                framed.Counts.BlankLines, framed.Counts.InheritedStamps));
    }

    [Fact]
    public void AnEventWithoutAStampHasTheOneBefore()
    {
        var framed = Frame(Stamped, "none yet\nNov 25 07:00:00 a\nnone\nNov 25 07:00:01 b\n");

        Assert.Equal([null, Stamp(0), Stamp(0), Stamp(1)], framed.Stamps);
        Assert.Equal(2, framed.Counts.InheritedStamps);
    }

    [Fact]
    public void APieceHasTheStampOfItsEventWhateverItHolds()
    {
        var framed = Frame(
            Stamped with { LongestBytes = 24 },
            "Nov 25 07:00:00 a\n Nov 25 07:00:09 b\nNov 25 07:00:01 c Nov 25 07:00:08\n");

        Assert.Equal([Stamp(0), Stamp(0), Stamp(1), Stamp(1)], framed.Stamps);
        Assert.Equal((2, 0), (framed.Counts.SplitPieces, framed.Counts.InheritedStamps));
    }

    [Theory]
    [InlineData("Nov 25 07:00:00 \ta b\n", "a b")]
    [InlineData("<1>Nov 25 07:00:00 a\n", "<1>a")]
    [InlineData("x Nov 25 07:00:00\n at b\n", "x at b")]
    [InlineData("\0Nov 25 07:00:00\n a\r\n b\n", "a\n b")]
    [InlineData("Nov 25 07:00:00 \u00FFé\n", "\u00FFé")]
    [InlineData("no stamp\n", "no stamp")]
    public void ATrimmedStampTakesTheWhiteSpaceAfterItAlong(string file, string text) =>
        Assert.Equal(
            text, Encoding.UTF8.GetString(Assert.Single(Frame(Stamped with { TrimsTimestamp = true }, file).Texts)));

    [Fact]
    public void ATextThatWasOnlyItsStampIsNotSentWhenTrimmed()
    {
        var framed = Frame(Stamped with { TrimsTimestamp = true }, "Nov 25 07:00:00 \nb\n");

        Assert.Equal("b", framed.Events);
        Assert.Equal([Stamp(0)], framed.Stamps);
    }

    [Fact]
    public void AStampMayBeginTheEvent()
    {
        var start = new ByteMatcher(Some.Pattern("{timestamp_format}", Stamped.TimestampFormat));
        var framed = Frame(
            Stamped with { Start = EventStart.Pattern, StartsByStamp = true, StartsEvent = start.IsMatch },
            "Nov 25 07:00:00 a\nb\n\nc\nNov 25 07:00:01 d\n");

        Assert.Equal(2, framed.Texts.Count);
        Assert.Equal("Nov 25 07:00:00 a\nb\n\nc", Encoding.UTF8.GetString(framed.Texts[0]));
    }

    /// <summary>Whoever stops at an event closes a batch with the stamp of the one before.</summary>
    [Fact]
    public void AnEventCountsOnceTheNextIsAskedFor()
    {
        var file = Encoding.UTF8.GetBytes("Nov 25 07:00:00 a\nNov 25 07:00:01 b\nNov 25 07:00:02 c\n");
        var counts = new FramingCounts();
        var framer = new EventFramer(Stamped, counts, new FakeTimeProvider(Now));

        var events = framer.Begin(file, BlockEnd.Final, isAtFileStart: true);
        Assert.True(events.TryTake(out var first));
        Assert.True(events.TryTake(out _));
        Assert.Equal((Stamp(0), 1L), (framer.LastStamp, counts.Events));

        events = framer.Begin(file.AsSpan(first.ConsumedBytes), BlockEnd.Final, isAtFileStart: false);
        Assert.True(events.TryTake(out var again));
        Assert.Equal("Nov 25 07:00:01 b", Encoding.UTF8.GetString(again.Text));
        Assert.True(events.TryTake(out _));
        Assert.False(events.TryTake(out _));
        Assert.Equal((Stamp(2), 3L), (framer.LastStamp, counts.Events));
    }

    [Theory]
    [InlineData(EventStart.UnindentedLine)]
    [InlineData(EventStart.EveryLine)]
    [InlineData(EventStart.Pattern)]
    public void LinesWhoseTimestampDiffersFromTheOneBeforeInItsSecondsNeedNoLook(object start)
    {
        var matcher = new ByteMatcher(Some.Pattern("{timestamp_format}", Stamped.TimestampFormat));
        var plan = Stamped with { Start = (EventStart)start, StartsByStamp = true, StartsEvent = matcher.IsMatch };
        const string Lines = "Nov 25 07:00:03 c\nNov 25 07:00:02 d\nNov 25 07:00:04 e\nNov 25 07:01:00 f\ng\n";
        var file = Encoding.UTF8.GetBytes("Nov 25 07:00:00 a\nNov 25 07:00:01 b\n" + Lines);

        var framer = new EventFramer(plan, new(), new FakeTimeProvider(Now));
        var events = framer.Begin(file, BlockEnd.Final, isAtFileStart: true);
        Assert.True(events.TryTake(out _));
        Assert.True(events.PlainLines(now: 5).Bytes.IsEmpty);
        Assert.True(events.TryTake(out _));
        var lines = events.PlainLines(now: 5);

        Assert.Equal(Lines, Encoding.UTF8.GetString(lines.Bytes));
        Assert.Equal("Nov 25 07:00:03 c\nNov 25 07:00:02 d\n".Length, lines.EventsBytes());
        Assert.Equal((Stamp(3), Stamp(2)), (lines.StampAt(0), lines.StampAt("Nov 25 07:00:03 c\n".Length)));
        events.SkipPlain(lines.EventsBytes(), 2);
        Assert.Equal(Stamp(2), framer.LastStamp);
    }

    [Fact]
    public void TheRepeatedHourGoesOnAfterTheStampBefore()
    {
        var berlin = Stamped with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        var framed = Frame(
            berlin,
            "Oct 25 02:00:00 a\nOct 25 02:59:59 b\nOct 25 02:59:58 c\nOct 25 02:00:01 d\nOct 25 02:00:02 e\n"
                + "Oct 25 03:00:00 f\n");

        Assert.Equal(
            ["00:00:00", "00:59:59", "00:59:58", "01:00:01", "01:00:02", "02:00:00"],
            framed.Stamps.Select(stamp =>
                $"{DateTimeOffset.FromUnixTimeMilliseconds(stamp!.Value).TimeOfDay:hh\\:mm\\:ss}"));
    }

    static Framed Frame(FramingPlan plan, string file) =>
        new Framed(plan, new FakeTimeProvider(Now)).Read(Encoding.UTF8.GetBytes(file), BlockEnd.Final);

    static long? Stamp(int second) =>
        new DateTimeOffset(2026, 11, 25, 7, 0, second, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
