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

/// <summary>What detections publish: put together by the minute, kept until it is taken, each observation once.
/// </summary>
public sealed class PublishedTests
{
    static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeSeconds(Timeline.Start);

    readonly FakeTimeProvider _time = new(Noon.AddSeconds(20));
    readonly KeptRows _kept = new();
    readonly Detection _detection = Detection();
    LineWatch? _lines;

    [Fact]
    public void AMinuteIsPublishedOnceItHasEnded()
    {
        var watch = Start();
        See(watch, "wrong alice 5", "wrong alice 7", "right", "wrong bob 1");

        Assert.Empty(watch.TakeToPublish());
        _time.Advance(TimeSpan.FromMinutes(1));

        var taken = watch.TakeToPublish().Select(one => one.Datum).ToList();
        Assert.Equal(
            ["Security Failed Count user=alice", "Security Failed Count user=bob"],
            taken.Select(one => Of(one.Metric)));
        Assert.Equal([(5.0, 1.0), (7.0, 1.0)], taken[0].Observed.Values.Select(one => (one.Key, one.Value)));
        Assert.All(taken, one => Assert.Equal(Timeline.Start, one.Minute));
    }

    [Fact]
    public void WhatIsReadLaterOfAMinuteThatIsBeingPublishedIsPublishedBesideIt()
    {
        var watch = Start();
        See(watch, "2026-01-05T12:00:05Z wrong alice 5");
        _time.SetUtcNow(_time.GetUtcNow().AddMinutes(2));
        var first = Assert.Single(watch.TakeToPublish());

        See(watch, Late("wrong alice 9"));
        watch.NotePublished([first.Id], _kept.Keep);

        var second = Assert.Single(watch.TakeToPublish());
        Assert.Equal(9, second.Datum.Observed.Sum);
    }

    [Fact]
    public void ARestartForgetsNothingThatWasNotTakenAndRepeatsNothingThatWas()
    {
        var watch = Start();
        See(watch, "wrong alice 5", "wrong bob 1");
        _time.Advance(TimeSpan.FromMinutes(1));
        watch.NotePublished([watch.TakeToPublish()[0].Id], _kept.Keep);

        watch = Start();
        See(watch, Late("wrong bob 2"));

        Assert.Equal([1.0, 2.0], watch.TakeToPublish().Select(one => one.Datum.Observed.Sum));
        Assert.All(watch.TakeToPublish(), one => Assert.Equal("bob", one.Datum.Metric.Dimensions[0].Value));
    }

    [Fact]
    public void WhoeverMakesUpNamesMakesNoMetricsWithoutEnd()
    {
        var watch = Start();
        See(watch, [.. Enumerable.Range(0, DimensionValues.Most + 50).Select(i => $"wrong user{i} 1")]);
        _time.Advance(TimeSpan.FromMinutes(1));
        watch.Evaluate(_kept.Keep);

        Assert.Equal(DimensionValues.Most, watch.TakeToPublish().Count);
        Assert.Equal("ALARM", Assert.Single(watch.Alarms).State);
    }

    [Fact]
    public void ADimensionHasLettersThatTheServiceTakes()
    {
        var watch = Start();
        See(watch, "wrong zo\u00eb\u0007 1", $"wrong {new string('y', 3000)} 1");
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(
            ["zo___", new string('y', 1024)],
            watch.TakeToPublish().Select(one => one.Datum.Metric.Dimensions[0].Value));
    }

    [Fact]
    public void OfTooMuchThatWaitsTheOldestIsGivenUp()
    {
        var outbox = new Outbox([], out _);
        var metric = new MetricIdentity("Security", "Failed", "Count", []);
        for (var minute = 0; minute < Outbox.Most + 5; minute++)
            outbox.Add(metric, minute * 60, 1);

        Assert.Equal((Outbox.Most, 5), (outbox.Count, outbox.TakeGivenUp()));
        Assert.Equal(300, outbox.Take(long.MaxValue)[0].Datum.Minute);
        outbox.Add(metric, 0, 1); // of a minute that was given up
        Assert.Equal((1, 0), (outbox.TakeGivenUp(), outbox.TakeGivenUp()));
    }

    [Fact]
    public void OneNameWithTwoUnitsIsTwoMetrics()
    {
        var outbox = new Outbox([], out _);
        outbox.Add(new("S", "Size", "Count", []), 60, 1);
        outbox.Add(new("S", "Size", "Bytes", []), 60, 2);

        Assert.Equal(["Count", "Bytes"], outbox.Take(120).Select(one => one.Datum.Metric.Unit));
    }

    /// <summary>Nobody wants it any more, and what nobody may publish would wait for ever.</summary>
    [Fact]
    public void WhatIsOfANamespaceThatIsNotConfiguredAnyMoreIsGivenUp()
    {
        See(Start(), "wrong alice 5");

        var watch = new Watch([_detection], [], ["Other"], _kept.All, _time, out var changed);
        _kept.Keep(changed);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, watch.Unwanted);
        Assert.Empty(watch.TakeToPublish());
        Assert.DoesNotContain(_kept.Keys, key => key.StartsWith("datum/", StringComparison.Ordinal));
    }

    [Fact]
    public void RowsThatCannotBeReadAreForgotten()
    {
        var outbox = new Outbox(
            [
                new("datum/7", "{}"u8.ToArray()), new("datum/x", "{}"u8.ToArray()), new("datum/8", [0xFF]),
                new("datum/9", Encoding.UTF8.GetBytes(
                    """{"Metric":{"Namespace":"S","Name":"F","Unit":"","Dimensions":[]},"Minute":60,"Figures":"1"}"""))
            ],
            out var useless);

        Assert.Equal(0, outbox.Count);
        Assert.Equal(4, useless.Count);
    }

    static string Of(MetricIdentity metric) =>
        $"{metric.Namespace} {metric.Name} {metric.Unit} "
        + string.Join(' ', metric.Dimensions.Select(one => $"{one.Key}={one.Value}"));

    static Detection Detection()
    {
        Assert.True(FilterPattern.TryParse("[..., word = wrong, user, size]", out var pattern, out _));
        Assert.True(MetricFilter.TryCreate(pattern, "$size", null, [new("user", "$user")], out var filter, out _));
        return new(
            "failed", null, "/var/log/secure",
            new(Statistic.Sum, 300, 1, null, 2, AlarmComparison.GreaterThanThreshold, MissingData.NotBreaching),
            new HashSet<AlarmValue>(), [], MostLines: 1)
        {
            Filter = filter,
            Published = new("Security", "Failed", "Count", [])
        };
    }

    static string Late(string line) => $"{Noon.AddSeconds(30):yyyy-MM-ddTHH:mm:ssZ} {line}";

    Watch Start()
    {
        var watch = new Watch(
            [_detection], [], ["Security"], _kept.All, _time, out var forgotten);
        _kept.Keep(forgotten);
        _lines = new([_detection], TimeZoneInfo.Utc, _time);
        return watch;
    }

    void See(Watch watch, params string[] lines)
    {
        var seen = new Sightings();
        foreach (var line in lines)
            _lines!.Look(Encoding.UTF8.GetBytes(line), null, seen);

        watch.Take(seen, _kept.Keep);
    }
}
