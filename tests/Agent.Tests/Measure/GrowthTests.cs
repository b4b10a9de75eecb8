using Agent.Measure;
using Xunit;

namespace Agent.Tests.Measure;

/// <summary>Counters that begin anew, wrap and are not read for a while.</summary>
public sealed class GrowthTests
{
    Growth _growth = new([]);

    [Fact]
    public void ACounterGrowsByWhatItCountedSinceItWasReadBefore()
    {
        Assert.Empty(Read(5_000_000_000, at: 120));
        Assert.Equal([(120L, 700.0)], Read(5_000_000_700, at: 180));
        Assert.Equal([(180L, 0.0)], Read(5_000_000_700, at: 241));
    }

    [Fact]
    public void OneThatIsMadeAnewCountedFromNought()
    {
        Read(1000, at: 60);

        Assert.Equal([(60L, 30.0)], Read(30, at: 120));
        Assert.Equal([(120L, 2000.0)], Read(2000, at: 180, life: "another boot"));
    }

    [Theory]
    [InlineData(4_294_967_290, 10, 32, 16)]
    [InlineData(4_294_967_290, 10, 64, 10)] // it was set back
    [InlineData(2_000_000_000, 10, 32, 10)] // far from its end: set back
    [InlineData(5_000_000_000, 10, 32, 10)] // it is wider
    public void ANarrowOneWraps(ulong before, ulong after, int bits, double grown)
    {
        Read(before, at: 60, bits: bits);

        Assert.Equal([(60L, grown)], Read(after, at: 120, bits: bits));
    }

    [Fact]
    public void WhatPassedWhileNobodyReadIsSharedOutAmongTheMinutes()
    {
        Read(0, at: 61);
        _growth = new(_growth.TakeRows()); // a restart

        var grown = Read(1001, at: 300);
        Assert.Equal([60L, 120, 180, 240], grown.Select(one => one.Minute));
        Assert.Equal([250.0, 250, 250, 251], grown.Select(one => one.Value));
        Assert.Single(_growth.TakeRows());
    }

    [Fact]
    public void WhatPassedInADayThatNobodyReadIsNotMadeUp()
    {
        Read(0, at: 60);

        Assert.Empty(Read(1_000_000, at: 60 + 86_460));
        Assert.Equal([(86_520L, 5.0)], Read(1_000_005, at: 60 + 86_520));
    }

    [Fact]
    public void AClockThatIsPutBackMakesNoBytes()
    {
        Read(0, at: 6000);

        Assert.Empty(Read(10, at: 3000));
        Assert.Equal([(3000L, 5.0)], Read(15, at: 3060));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x 60 boot")]
    [InlineData("5 x boot")]
    [InlineData("99999999999999999999999 60 boot")]
    public void WhatCannotBeReadOfTheRunBeforeIsNoReading(string kept)
    {
        _growth = new([new("counter/bytes", System.Text.Encoding.UTF8.GetBytes(kept))]);

        Assert.Empty(Read(1000, at: 120));
    }

    List<(long Minute, double Value)> Read(ulong value, long at, string life = "boot", int bits = 64) =>
        [.. _growth.Take("bytes", "Bytes", value, life, bits, at).Select(one => (one.Minute, one.Value))];
}
