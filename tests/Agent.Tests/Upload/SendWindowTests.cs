using Agent.Upload;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>More batches at once where more is taken so, fewer where fewer do as well, and on trouble.</summary>
public sealed class SendWindowTests
{
    readonly SendWindow _window = new(24);
    TimeSpan _now;

    [Fact]
    public void TheWindowGrowsToItsMostWhereEachBatchOnItsWayIsOneMoreThatIsTaken()
    {
        Pass(seconds: 2, batchesPerSecond: size => size / 0.02);

        Assert.Equal(24, _window.Size);
    }

    [Fact]
    public void TheWindowGrowsNoFurtherThanItBringsMore()
    {
        Pass(seconds: 2, batchesPerSecond: size => Math.Min(size, 9) / 0.02);

        Assert.Equal(12, _window.Size);
    }

    [Fact]
    public void TheWindowStaysSmallWhereALargerOneBringsNothing()
    {
        var mean = Pass(seconds: 60, batchesPerSecond: _ => 600);

        Assert.InRange(mean, 3, 3.2);
    }

    [Fact]
    public void WhereRatesVaryByThemselvesTheWindowMostlyStaysSmall()
    {
        var luck = new Random(1);
        var (moment, rate) = (0L, 0.0);
        var mean = Pass(seconds: 60, batchesPerSecond: _ =>
        {
            if (_now.Ticks / (TimeSpan.TicksPerMillisecond * 25) is var now && now != moment)
            {
                (moment, rate) = (now, 600 * (0.8 + (0.4 * luck.NextDouble())));
            }

            return rate == 0 ? 600 : rate;
        });

        Assert.InRange(mean, 3, 3.5);
    }

    [Fact]
    public void ALargeWindowThatIsOfUseIsHardlyEverMadeSmall()
    {
        var mean = Pass(seconds: 60, batchesPerSecond: size => size / 0.02);

        Assert.InRange(mean, 22, 24);
    }

    [Fact]
    public void TheWindowShrinksAgainOnceFewerDoAsWell()
    {
        Pass(seconds: 2, batchesPerSecond: size => size / 0.02);
        Pass(seconds: 30, batchesPerSecond: _ => 1200);

        Assert.Equal(3, _window.Size);
    }

    [Fact]
    public void TheWindowGrowsOnlyWhereFullBatchesWait()
    {
        Pass(seconds: 10, batchesPerSecond: size => size / 0.02, fullBatchWaits: false);

        Assert.Equal(3, _window.Size);
    }

    [Fact]
    public void WhatTakesLongSinceNothingWasToBeSentIsNoReasonForALargerWindow()
    {
        for (var i = 0; i < 100; i++)
        {
            Pass(seconds: 0.1, batchesPerSecond: _ => 600);
            _window.Pause();
            _now += TimeSpan.FromSeconds(10);
        }

        Assert.Equal(3, _window.Size);
    }

    [Fact]
    public void TroubleHalvesTheWindowAndNeverClosesIt()
    {
        Pass(seconds: 2, batchesPerSecond: size => Math.Min(size, 9) / 0.02);

        List<int> sizes = [];
        for (var i = 0; i < 5; i++)
        {
            _window.Failed();
            sizes.Add(_window.Size);
        }

        Assert.Equal([6, 3, 1, 1, 1], sizes);
    }

    [Fact]
    public void TheWindowGrowsAgainAfterTrouble()
    {
        Pass(seconds: 2, batchesPerSecond: size => size / 0.02);
        for (var i = 0; i < 5; i++)
        {
            _window.Failed();
        }

        Pass(seconds: 2, batchesPerSecond: size => size / 0.02);

        Assert.InRange(_window.Size, 16, 24);
    }

    [Fact]
    public void TheWindowIsWhatItWasAtTheBeginningSoonAfterTroubleThoughALargerOneHardlyBringsMore()
    {
        for (var i = 0; i < 5; i++)
        {
            _window.Failed();
        }

        Pass(seconds: 1, batchesPerSecond: size => 600 + (30 * size));

        Assert.Equal(3, _window.Size);
    }

    // A service that takes so many a second by how many are on their way. Returns the mean size.
    double Pass(double seconds, Func<int, double> batchesPerSecond, bool fullBatchWaits = true)
    {
        var began = _now;
        var area = 0.0;
        while (_now - began < TimeSpan.FromSeconds(seconds))
        {
            var interval = 1 / batchesPerSecond(_window.Size);
            area += _window.Size * interval;
            _now += TimeSpan.FromSeconds(interval);
            _window.Accepted(fullBatchWaits, streams: 1, _now);
        }

        return area / (_now - began).TotalSeconds;
    }
}
