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
        Assert.Equal([(240L, 9.0)], Read(5_000_000_709, at: 300));
    }

    /// <summary>A restart just after the clock struck.</summary>
    [Fact]
    public void WhatGrewBetweenTwoReadingsOfOneMomentIsCountedWithWhatFollows()
    {
        Read(1000, at: 60);
        Read(1500, at: 120);

        Assert.Empty(Read(1900, at: 124));
        Assert.Equal([(120L, 500.0)], Read(2000, at: 180));
    }

    [Fact]
    public void OneThatIsMadeAnewCountedFromNought()
    {
        Read(1000, at: 60);

        Assert.Equal([(60L, 30.0)], Read(30, at: 120));
        Assert.Equal([(120L, 2000.0)], Read(2000, at: 180, life: "another boot"));
    }

    [Fact]
    public void AnotherCounterBeginsToCountWhenItIsRead()
    {
        Read(1000, at: 60);

        Assert.Equal([(60L, 0.0)], Read(800_000_000, at: 120, name: "eth1"));
        Assert.Equal([(120L, 5.0)], Read(800_000_005, at: 180, name: "eth1"));
    }

    /// <summary>Several rules of a firewall may count for one metric.</summary>
    [Fact]
    public void OneOfSeveralThatIsGoneTakesNothingWithIt()
    {
        Counter one = new("one", 1000, "", 64), two = new("two", 500, "", 64);
        _ = _growth.Take("bytes", "Bytes", [one, two], At(60)).ToList();

        Assert.Equal(7, _growth.Take("bytes", "Bytes", [one with { Value = 1007 }], At(120)).Single().Value);
        Assert.Equal(3, _growth.Take(
            "bytes", "Bytes", [one with { Value = 1010 }, two with { Value = 9999 }], At(180)).Single().Value);
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

        var grown = Read(1001, at: 330); // in the middle of a minute
        Assert.Equal([60L, 120, 180, 240, 300], grown.Select(one => one.Minute));
        Assert.Equal([222.0, 222, 223, 222, 112], grown.Select(one => one.Value));
        Assert.Equal([(300L, 100.0)], Read(1101, at: 360));
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
    [InlineData("x\n5\tboot\teth0")]
    [InlineData("60\nx\tboot\teth0")]
    [InlineData("60\n99999999999999999999999\tboot\teth0")]
    [InlineData("60\n5")]
    public void WhatCannotBeReadOfTheRunBeforeIsNoReading(string kept)
    {
        _growth = new([new("counter/bytes", System.Text.Encoding.UTF8.GetBytes(kept))]);

        Assert.All(Read(1000, at: 120), one => Assert.Equal(0, one.Value));
    }

    List<(long Minute, double Value)> Read(
        ulong value, long at, string life = "boot", int bits = 64, string name = "eth0") =>
        [
            .. _growth.Take("bytes", "Bytes", [new(name, value, life, bits)], At(at))
                .Select(one => (one.Minute, one.Value))
        ];

    static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
