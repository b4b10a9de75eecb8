using CloudWatch.Metrics;
using Xunit;

namespace Agent.Tests.Metrics;

/// <summary>Observations by the minute, and what statistics make of them.</summary>
public sealed class MetricSeriesTests
{
    const long Minute = 60 * 29_460_240;

    [Theory]
    [InlineData("SampleCount", 3)]
    [InlineData("Sum", 11)]
    [InlineData("Minimum", 2)]
    [InlineData("Maximum", 5)]
    [InlineData("Average", 11.0 / 3)]
    [InlineData("p0", 2)]
    [InlineData("p50", 4)]
    [InlineData("p99.9", 5)]
    [InlineData("p100", 5)]
    public void AStatisticPutsObservationsTogether(string name, double expected)
    {
        var series = new MetricSeries(keepsValues: true);
        foreach (var value in (double[])[5, 2, 4])
            series.Add(Minute + 17, value);

        Assert.True(Statistic.TryParse(name, out var statistic, out var error), error);
        Assert.Equal(expected, statistic.Of(series.Between(Minute, Minute + 60)));
    }

    [Theory]
    [InlineData("sum")]
    [InlineData("p101")]
    [InlineData("p")]
    [InlineData("p-1")]
    [InlineData("p99.12345678901")]
    [InlineData("")]
    public void WhatIsNoStatisticIsSaid(string name)
    {
        Assert.False(Statistic.TryParse(name, out _, out var error));
        Assert.Equal(
            $"\"{name}\" is no statistic; write SampleCount, Average, Sum, Minimum, Maximum, or a percentile from p0 "
            + "to p100", error);
    }

    [Fact]
    public void AnObservationGoesToTheMinuteItWasMadeHoweverLateItComes()
    {
        var series = new MetricSeries();
        series.Add(Minute + 59, 1);
        series.Add(Minute + 180, 2);
        series.Add(Minute, 3);
        series.Add(Minute + 61, 5);
        series.Add(Minute - 1, 7);

        Assert.Equal(
            [(Minute - 60, 7), (Minute, 4), (Minute + 60, 5), (Minute + 180, 2)],
            series.Slots.Select(slot => (slot.Start, slot.Set.Sum)));
        Assert.Equal(9, series.Between(Minute, Minute + 180).Sum);
        Assert.True(series.Between(Minute + 120, Minute + 180).IsEmpty);
    }

    [Fact]
    public void WhatIsNoLongerAskedForIsForgotten()
    {
        var series = new MetricSeries();
        for (var i = 0; i < 10; i++)
            series.Add(Minute + 60 * i, 1);

        series.Forget(Minute + 60 * 7);
        series.Forget(Minute + 60 * 7);
        series.Forget(Minute + 1);

        Assert.Equal(9, series.Slots.Count);
        Assert.True(series.At(Minute + 60 * 7).IsEmpty);
        Assert.Equal(1, series.At(Minute + 60 * 8).Sum);
    }

    [Fact]
    public void WhoeverChoosesTheValuesFillsNoMemory()
    {
        var (set, random) = (new StatisticSet(keepsValues: true), new Random(1));
        for (var i = 0; i < 100_000; i++)
            set.Add((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-100, 100)));

        Assert.InRange(set.Values.Count(), 1000, 4000);
        Assert.Equal(100_000, set.Values.Sum(one => one.Value));
    }

    [Fact]
    public void SecondsAreKeptApartWhereTheResolutionIsHigh()
    {
        var series = new MetricSeries(resolutionSeconds: 1);
        series.Add(Minute + 1, 1);
        series.Add(Minute + 2, 1);

        Assert.Equal(1, series.Between(Minute + 1, Minute + 2).Sum);
    }

    [Theory]
    [InlineData("p16.1", 161)]
    [InlineData("p64.9", 649)]
    [InlineData("p99.9", 999)]
    public void APercentileOfAThousandNumbersIsExact(string name, double expected)
    {
        var set = new StatisticSet(keepsValues: true);
        for (var i = 1; i <= 1000; i++)
            set.Add(i);

        Assert.True(Statistic.TryParse(name, out var statistic, out _));
        Assert.Equal(expected, statistic.Of(set));
    }

    [Fact]
    public void AnyNumberOfValuesTakesBoundedMemoryAndItsPercentilesAreNearlyRight()
    {
        var set = new StatisticSet(keepsValues: true);
        for (var i = 1; i <= 100_000; i++)
            set.Add(i + 0.5);

        Assert.True(Statistic.TryParse("p90", out var p90, out _));
        Assert.InRange(set.Values.Count(), 1000, 5000);
        Assert.InRange(p90.Of(set)!.Value, 89_500, 90_500);
    }

    [Fact]
    public void APercentileOfFiguresWithoutTheirValuesIsKnownOnlyWhereTheyAreAllTheSame()
    {
        Assert.True(Statistic.TryParse("p90", out var p90, out _));

        Assert.Equal(4, p90.Of(StatisticSet.Of(3, 12, 4, 4)));
        Assert.Null(p90.Of(StatisticSet.Of(3, 12, 1, 7)));
        Assert.Null(p90.Of(new StatisticSet()));
        var mixed = new StatisticSet(keepsValues: true);
        mixed.Add(StatisticSet.Of(1, 4, 4, 4));
        mixed.Add(StatisticSet.Of(1, 6, 6, 6));
        Assert.Equal(6, p90.Of(mixed));
        mixed.Add(StatisticSet.Of(3, 9, 1, 5));
        Assert.Null(p90.Of(mixed));
    }
}
