using Agent.Batch;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Batch;

/// <summary>The service shows events by timestamp: stamps are what keeps lines in the order of their file.</summary>
public sealed class StampClockTests
{
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));

    [Fact]
    public void ALineIsStampedWithTheTimeItWasRead()
    {
        var clock = new StampClock(_time, 0);
        _time.Advance(TimeSpan.FromMilliseconds(5));

        Assert.Equal(1_000_005, clock.Next());
        Assert.Equal(1_000_005, clock.Last);
    }

    [Fact]
    public void StampsOfTwoBatchesNeverTieThoughNoTimePassed()
    {
        var clock = new StampClock(_time, 0);
        var first = clock.Next();
        clock.CloseBatch();

        Assert.Equal(first + 1, clock.Next());
        Assert.Equal(first + 1, clock.Next());
    }

    [Fact]
    public void StampsDoNotGoBackWhenTheClockDoes()
    {
        var clock = new StampClock(_time, 0);
        var first = clock.Next();
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(1));

        Assert.Equal(first, clock.Next());
        clock.CloseBatch();
        Assert.Equal(first + 1, clock.Next());
    }

    [Fact]
    public void StampsGoOnAfterTheLastOneOfTheLastRun()
    {
        var clock = new StampClock(_time, 1_000_500);

        Assert.Equal(1_000_501, clock.Next());
    }

    [Fact]
    public void StampsThatLeadTheClockByMoreThanAMinuteHoldTheStreamUntilItCatchesUp()
    {
        var clock = new StampClock(_time, 1_000_000 + 60_000);

        Assert.True(clock.IsAhead);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(clock.IsAhead);
    }
}
