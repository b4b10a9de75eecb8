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
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromSeconds(30));

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

    [Theory]
    [InlineData(60_000, 1_060_000)]
    [InlineData(60_001, 1_000_000)]
    public void AClockThatWasSetBackByMoreThanAMinuteIsBelieved(long aheadMilliseconds, long expected)
    {
        var clock = new StampClock(_time, 1_000_000 + aheadMilliseconds - 1);

        Assert.Equal(expected, clock.Next());
    }

    [Fact]
    public void WithinABatchStampsNeverGoBackWhateverTheClockDoes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000))
        {
            AutoAdvanceAmount = TimeSpan.Zero
        };
        var clock = new StampClock(time, 0);
        var first = clock.Next();
        time.AdjustTime(DateTimeOffset.FromUnixTimeMilliseconds(1000));

        Assert.Equal(first, clock.Next());
        clock.CloseBatch();
        Assert.Equal(1000, clock.Next());
    }
}
