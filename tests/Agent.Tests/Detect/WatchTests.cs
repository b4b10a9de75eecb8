using System.Text;
using Agent.Detect;
using Agent.Events;
using Agent.Tests.Support;
using CloudWatch.Alarms;
using CloudWatch.Metrics;
using CloudWatch.Patterns;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Detect;

/// <summary>Detections: what is counted, when the alarm is raised, and what is told of it.</summary>
public sealed class WatchTests
{
    static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeSeconds(Timeline.Start);

    readonly FakeTimeProvider _time = new(Noon.AddSeconds(20));
    readonly KeptRows _kept = new();
    readonly List<AlarmNotice> _told = [];
    LineWatch? _lines;

    [Fact]
    public void AnAlarmIsRaisedWithTheLineThatIsOneTooManyAndEndsWhenTheWindowHasPassed()
    {
        var watch = Start(Detection());

        See(watch, "wrong 1", "right", "wrong 2");
        Assert.Empty(_told);
        See(watch, "wrong 3");
        See(watch, "wrong 4");
        var alarm = Assert.Single(_told);
        Assert.Equal(("ALARM", "INSUFFICIENT_DATA"), (alarm.NewState, alarm.OldState));
        Assert.Equal(["wrong 1", "wrong 2", "wrong 3"], alarm.Lines.Select(line => line.Text));

        Pass(watch, minutes: 5);
        Assert.Single(_told);
        Pass(watch, minutes: 1);
        Assert.Equal(["ALARM", "OK"], _told.Select(notice => notice.NewState));
        Assert.Empty(_told[1].Lines);
        Pass(watch, minutes: 30);
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public void ThatNothingIsWrongIsNoNewsAtFirst()
    {
        var watch = Start(Detection());

        Pass(watch, minutes: 3);

        Assert.Empty(_told);
        Assert.Equal("OK", Assert.Single(watch.Alarms).State);
    }

    [Fact]
    public void ABreachThatMoreDataCouldUndoWaitsForTheEndOfTheMinute()
    {
        var watch = Start(Detection(alarm: Alarm with { Statistic = Statistic.Average }));

        See(watch, "wrong");
        Assert.Empty(_told);
        Pass(watch, minutes: 1);

        Assert.Empty(_told); // its average is 1
        watch = Start(Detection(alarm: Alarm with { Statistic = Statistic.Average, Threshold = 0.5 }, name: "other"));
        See(watch, "wrong");
        Assert.Empty(_told);
        Pass(watch, minutes: 1);
        Assert.Single(_told);
    }

    [Fact]
    public void ARestartGoesOnWhereItStoodAndTellsWhatWasNotToldOnce()
    {
        var watch = Start(Detection());
        See(watch, "wrong 1", "wrong 2");

        watch = Start(Detection());
        See(watch, "wrong 3");
        Assert.Equal(3, Assert.Single(_told).Lines.Count);

        watch = Start(Detection());
        var waiting = Assert.Single(watch.Notices);
        Assert.Equal(_told[0].Id, waiting.Id);
        See(watch, "wrong 4");
        Assert.Single(_told);
        watch.NoteTold([waiting], "mail", _kept.Keep);
        Assert.Equal(["hook"], Assert.Single(watch.Notices).Channels);
        watch.NoteTold([waiting], "hook", _kept.Keep);
        Assert.Empty(Start(Detection()).Notices);
        Pass(Start(Detection()), minutes: 6);
        Assert.Equal(["ALARM", "OK"], _told.Select(notice => notice.NewState));
    }

    [Fact]
    public void WhatWasWrittenWhileNobodyWatchedIsToldOnceAndAsLate()
    {
        var watch = Start(Detection());
        Pass(watch, minutes: 180);

        See(watch, Written(Noon.AddMinutes(60), times: 10));

        var late = Assert.Single(_told);
        Assert.Equal(("ALARM", Noon.AddMinutes(60)), (late.NewState, late.LateFor));
        Assert.Equal("OK", Assert.Single(watch.Alarms).State);
        See(watch, Written(Noon.AddMinutes(90), times: 3));
        Assert.Equal(Noon.AddMinutes(90), _told[1].LateFor);
    }

    [Fact]
    public void WhatIsReadJustAfterAMinuteBeganIsOneAlarmAndOneOk()
    {
        var watch = Start(Detection());
        _time.SetUtcNow(Noon.AddSeconds(300.1));
        See(watch, "wrong", "wrong", "wrong");
        watch.Evaluate(_kept.Keep);
        Pass(watch, minutes: 10);

        Assert.Equal(["ALARM", "OK"], _told.Select(notice => notice.NewState));
    }

    [Fact]
    public void HoursOfAttackThatNobodyWatchedAreToldOnce()
    {
        var watch = Start(Detection());
        Pass(watch, minutes: 60 * 15);

        for (var minute = 60; minute < 60 * 13; minute++)
            See(watch, Written(Noon.AddMinutes(minute), times: 5));

        Assert.NotNull(Assert.Single(_told).LateFor);
    }

    [Fact]
    public void ABurstThatWasToldBeforeAStopIsNotToldAgainAsLate()
    {
        var watch = Start(Detection());
        See(watch, "wrong", "wrong", "wrong");
        _time.Advance(TimeSpan.FromMinutes(20));
        watch = Start(Detection());

        See(watch, Written(Noon.AddMinutes(3), times: 1));
        Pass(watch, minutes: 1);

        Assert.Equal(["ALARM", "OK"], _told.Select(notice => notice.NewState));
    }

    [Fact]
    public void ALateBurstThatReachesIntoTheTimeOfTheRestartIsTold()
    {
        var watch = Start(Detection());
        _time.SetUtcNow(Noon.AddMinutes(10.5));

        See(watch, [.. Written(Noon.AddMinutes(4), times: 2), .. Written(Noon.AddMinutes(6), times: 1)]);

        Assert.NotNull(Assert.Single(_told).LateFor);
    }

    [Fact]
    public void AnOlderBurstThatIsReadAfterANewerOneIsToldToo()
    {
        var watch = Start(Detection());
        Pass(watch, minutes: 240);

        See(watch, Written(Noon.AddMinutes(210), times: 3));
        See(watch, Written(Noon.AddMinutes(60), times: 3));

        Assert.Equal([Noon.AddMinutes(210), Noon.AddMinutes(60)], _told.Select(notice => notice.LateFor));
    }

    /// <summary>A backlog of days is read in pieces, and the clock strikes in between.</summary>
    [Fact]
    public void ABurstOfDaysAgoIsToldThoughTheClockStruckWhileItWasRead()
    {
        var watch = Start(Detection());
        Pass(watch, minutes: 60);
        var then = _time.GetUtcNow().AddDays(-4);

        See(watch, Written(then, times: 2));
        Pass(watch, minutes: 2);
        watch = Start(Detection());
        Pass(watch, minutes: 2);
        See(watch, Written(then.AddSeconds(10), times: 1));

        Assert.NotNull(Assert.Single(_told).LateFor);
        Pass(watch, minutes: 15);
        Assert.DoesNotContain(_kept.Keys, key => key.StartsWith("point/", StringComparison.Ordinal));
    }

    [Fact]
    public void ALateBurstIsToldForAnyStatistic()
    {
        var watch = Start(Detection(alarm: Alarm with { Statistic = Statistic.Average, Threshold = 0.5 }));
        Pass(watch, minutes: 180);

        See(watch, Written(Noon.AddMinutes(60), times: 3));

        Assert.NotNull(Assert.Single(_told).LateFor);
    }

    [Fact]
    public void ThatItIsOverIsToldAlsoWhereDataWasMissingInBetween()
    {
        var watch = Start(Detection(alarm: Alarm with { MissingData = MissingData.Missing, Threshold = 2 }));
        See(watch, "wrong", "wrong", "wrong");
        Pass(watch, minutes: 7);
        Assert.Equal("INSUFFICIENT_DATA", Assert.Single(watch.Alarms).State);

        See(watch, "wrong");
        Pass(watch, minutes: 1);

        Assert.Equal(["ALARM", "OK"], _told.Select(notice => notice.NewState));
    }

    [Fact]
    public void AnAlarmOfTheClockHasItsLinesToo()
    {
        var alarm = Alarm with { Statistic = Statistic.Average, PeriodSeconds = 60, Threshold = 0.5 };
        var watch = Start(Detection(alarm: alarm));
        See(watch, "wrong 1");

        Pass(watch, minutes: 1);

        Assert.Equal("wrong 1", Assert.Single(Assert.Single(_told).Lines).Text);
    }

    [Fact]
    public void AClockThatIsPutBackStopsNoAlarm()
    {
        var watch = Start(Detection());
        Pass(watch, minutes: 600);
        watch = Start(Detection());
        _kept["alarm/failed-su"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_kept["alarm/failed-su"])
            .Replace("\"EvaluatedUntil\":17", "\"EvaluatedUntil\":18", StringComparison.Ordinal));
        watch = Start(Detection());

        See(watch, "wrong", "wrong", "wrong");

        Assert.Single(_told);
    }

    /// <summary>A file that is silent: no line at all for two periods of five minutes.</summary>
    [Fact]
    public void SilenceAlarmsOnceItWasListenedTo()
    {
        var silence = Detection(alarm: new(
            Statistic.SampleCount, 300, 2, null, 1, AlarmComparison.LessThanThreshold, MissingData.Breaching));
        var watch = Start(silence);
        Pass(watch, minutes: 9);
        Assert.Empty(_told);

        watch = Start(silence);
        Pass(watch, minutes: 9);
        Assert.Empty(_told);
        Pass(watch, minutes: 2);
        Assert.Equal("ALARM", Assert.Single(_told).NewState);
        See(watch, "wrong");
        Pass(watch, minutes: 1);

        Assert.Equal(["ALARM", "OK"], _told.Select(notice => notice.NewState));
    }

    [Fact]
    public void OnlyStatesThatAreAskedForAreTold()
    {
        var watch = Start(Detection() with { NotifiesOf = new HashSet<AlarmValue> { AlarmValue.Ok } });

        See(watch, "wrong", "wrong", "wrong");
        Pass(watch, minutes: 6);

        Assert.Equal("OK", Assert.Single(_told).NewState);
    }

    [Fact]
    public void NoLineLeavesTheHostWhereNoneMay()
    {
        See(Start(Detection() with { MostLines = 0 }), "wrong it was", "wrong it was", "wrong it was");

        Assert.Empty(Assert.Single(_told).Lines);
        Assert.DoesNotContain(
            _kept.Values, text => text.Contains("wrong it was", StringComparison.Ordinal));
    }

    [Fact]
    public void LinesThatMayNoLongerLeaveTheHostAreForgotten()
    {
        See(Start(Detection()), "wrong it was", "wrong it was");

        See(Start(Detection() with { MostLines = 0 }), "wrong it was");

        Assert.Empty(Assert.Single(_told).Lines);
        Assert.DoesNotContain(
            _kept.Values, text => text.Contains("wrong it was", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsRedactedIsNowhereAlsoWhereItGoesBeyondTheCut()
    {
        var far = new string('x', Sightings.MostLineBytes - 20);
        var watch = Start(Detection() with { Redacted = [Some.Pattern(@"token=[a-z]+;"), Some.Pattern("secret")] });

        See(watch, "wrong token=abc; secret end", $"wrong{far} token={new string('z', 90)};", "wrong");

        Assert.Equal("wrong [redacted] [redacted] end", Assert.Single(_told).Lines[0].Text);
        Assert.EndsWith("x [redacted]", _told[0].Lines[1].Text, StringComparison.Ordinal);
        Assert.All(_kept.Values, text => Assert.DoesNotMatch("abc|secret|zzz", text));
    }

    /// <summary>What one expression leaves out is context for another.</summary>
    [Fact]
    public void ExpressionsAreLookedForInTheLineItself()
    {
        var watch = Start(Detection() with
        {
            Redacted = [Some.Pattern("[0-9]{6,}"), Some.Pattern(@"card=\d+ cvv=\d+")]
        });

        See(watch, "wrong card=4111111111111111 cvv=123 end", "wrong", "wrong");

        Assert.Equal("wrong [redacted] end", Assert.Single(_told).Lines[0].Text);
    }

    [Theory]
    [InlineData(@"token=""[^""]+""", "wrong ", "token=\"", 5000)] // its end is beyond what is looked at
    [InlineData("zzzz+", "wrong ", "zzz", 5000)]
    [InlineData(@"[a-z.]+@[a-z.]+", "wrong ", "", 1500)] // takes the square of its length to look for
    public void WhatIsNotKnownForSureIsNotTold(string redacted, string before, string secret, int length)
    {
        var watch = Start(Detection() with { Redacted = [Some.Pattern(redacted)] });

        See(watch, $"{before}{secret}{new string('z', length)} @", "wrong", "wrong");

        var text = Assert.Single(_told).Lines[0].Text;
        Assert.EndsWith("[redacted]", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 10, 100);
    }

    [Fact]
    public void LinesThatWereKeptAreToldAsTheyMayBeToldNow()
    {
        See(Start(Detection()), "wrong secret", "wrong secret", "wrong secret");

        var watch = Start(Detection() with { Redacted = [Some.Pattern("secret")] });

        Assert.All(watch.Notices[0].Lines, line => Assert.Equal("wrong [redacted]", line.Text));
        See(watch, "wrong");
        Assert.All(_kept.Values, text => Assert.DoesNotContain("secret", text, StringComparison.Ordinal));
    }

    [Fact]
    public void TheNumbersOfSomethingElseAreNotTakenOver()
    {
        See(Start(Detection()), "wrong", "wrong");

        See(Start(Detection() with { Source = "/var/log/other" }), "wrong");
        Assert.Empty(_told);
        See(Start(Detection() with { Source = "/var/log/other" }), "wrong", "wrong");
        Assert.Single(_told);
    }

    [Fact]
    public void WhatIsMeasuredOfTheHostIsWatchedAsLinesAre()
    {
        var watch = Start(Detection(alarm: Alarm with { PeriodSeconds = 900, Threshold = 2_000_000 }) with
        {
            Filter = null,
            Measured = "BytesOutToDestination"
        });

        // The table of spec/metrics-alarms.md, 11.3.
        for (var minute = 1; minute <= 34; minute++)
        {
            _time.Advance(watch.UntilNext);
            var bytes = minute is >= 16 and <= 18 ? 600_000 : 100_000;
            var ended = _time.GetUtcNow().ToUnixTimeSeconds() - 60;
            watch.Take([new("BytesOutToDestination", "Bytes", ended, bytes)], [], _kept.Keep);
            watch.Evaluate(_kept.Keep);
        }

        Assert.Equal(
            [("ALARM", Noon.AddMinutes(17)), ("OK", Noon.AddMinutes(32))],
            _told.Select(notice => (notice.NewState, notice.ChangedAt)));
    }

    [Fact]
    public void ANoticeForAChannelThatIsGoneIsForgotten()
    {
        See(Start(Detection()), "wrong", "wrong", "wrong");

        var watch = Start(Detection(), "hook");
        Assert.Equal(["hook"], Assert.Single(watch.Notices).Channels);
        Assert.Empty(Start(Detection(), "other").Notices);
        Assert.DoesNotContain(_kept.Keys, key => key.StartsWith("notice/", StringComparison.Ordinal));
    }

    /// <summary>Whatever timestamp a line has, and whichever detections take turns.</summary>
    [Theory]
    [InlineData("2026-01-05T12:00:01+01:00 wrong")]
    [InlineData("Jan  5 12:00:01 web-1 wrong")]
    [InlineData("wrong")]
    public void WhatMatchesAllocatesNothing(string line)
    {
        var lines = new LineWatch([Detection(), Detection(name: "other")], TimeZoneInfo.Utc, _time);
        var (utf8, seen) = (Encoding.UTF8.GetBytes(line + "\n"), new Sightings());
        lines.LookAtLines(utf8, null, seen);
        for (var i = 0; i < 20; i++)
            lines.Look(utf8, null, seen);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            lines.LookAtLines(utf8, null, seen);
            lines.Look(utf8, null, seen);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ALongLineIsCutAndOnlyTheLastLinesAreKept()
    {
        See(Start(Detection()), [.. Enumerable.Range(0, 30).Select(i => $"wrong {i} {new string('x', 5000)}")]);

        var alarm = Assert.Single(_told);
        Assert.Equal(Enumerable.Range(20, 10).Select(i => $"wrong {i}"), alarm.Lines.Select(line => line.Text[..8]));
        Assert.All(alarm.Lines, line => Assert.Equal(Sightings.MostLineBytes, line.Text.Length));
    }

    [Fact]
    public void WhatIsKeptOfADetectionThatIsGoneIsForgotten()
    {
        See(Start(Detection()), "wrong", "wrong", "wrong");

        Start(Detection(name: "another"));

        Assert.DoesNotContain(_kept.Keys, key => key.Contains("failed-su", StringComparison.Ordinal)
            && !key.StartsWith("notice/", StringComparison.Ordinal));
        Assert.Contains(_kept.Keys, key => key.StartsWith("notice/", StringComparison.Ordinal));
    }

    [Fact]
    public void RowsThatCannotBeReadAreForgottenAndNothingElse()
    {
        See(Start(Detection()), "wrong", "wrong");
        _kept["alarm/failed-su"] = "{"u8.ToArray();
        _kept["point/failed-su/x"] = "1 1 1 1"u8.ToArray();
        _kept["point/failed-su/60"] = "1"u8.ToArray();
        _kept["strange"] = [];

        See(Start(Detection()), "wrong");

        Assert.Single(_told);
        Assert.Equal(
            ["alarm", "notice", "point"], _kept.Keys.Select(key => key.Split('/')[0]).Order(StringComparer.Ordinal));
    }

    static AlarmConfiguration Alarm { get; } = new(
        Statistic.Sum, 300, 1, null, 2, AlarmComparison.GreaterThanThreshold, MissingData.NotBreaching);

    static Detection Detection(AlarmConfiguration? alarm = null, string name = "failed-su")
    {
        Assert.True(FilterPattern.TryParse("wrong", out var pattern, out _));
        Assert.True(MetricFilter.TryCreate(pattern, "1", null, [], out var filter, out _));
        return new(
            name, null, "/var/log/secure", alarm ?? Alarm,
            new HashSet<AlarmValue> { AlarmValue.Alarm, AlarmValue.Ok }, ["mail", "hook"], MostLines: 10)
        {
            Filter = filter
        };
    }

    static string[] Written(DateTimeOffset at, int times) =>
        [.. Enumerable.Range(0, times).Select(i => $"{at.AddSeconds(i):yyyy-MM-ddTHH:mm:ssZ} wrong")];

    Watch Start(Detection detection, params string[] channels)
    {
        channels = channels.Length == 0 ? ["mail", "hook"] : channels;
        var watch = new Watch([detection], channels, [], _kept.All, _time, out var forgotten) { Noticed = _told.Add };
        _kept.Keep(forgotten);
        _lines = detection.Filter is null ? null : new([detection], TimeZoneInfo.Utc, _time);
        return watch;
    }

    void See(Watch watch, params string[] lines)
    {
        var seen = new Sightings();
        foreach (var line in lines)
            _lines!.Look(Encoding.UTF8.GetBytes(line), null, seen);

        watch.Take(seen, _kept.Keep);
    }

    void Pass(Watch watch, int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            _time.Advance(watch.UntilNext);
            watch.Evaluate(_kept.Keep);
        }
    }
}
