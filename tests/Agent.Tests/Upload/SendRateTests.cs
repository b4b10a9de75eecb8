using Agent.Upload;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>The rate that a service is sent to which throttles; the table Cases/upload/flow.txt has what comes of
/// it.</summary>
public sealed class SendRateTests
{
    readonly SendRate _rate = new();

    [Fact]
    public void ItIsAShareOfWhatWasTakenAndWhatWasSentBeforeLowersItNoFurther()
    {
        TakeInASecond(8);
        for (var i = 0; i < 8; i++)
        {
            _rate.Throttled(sentAt: Seconds(0.9), now: Seconds(1 + (i * 0.01)));
        }

        Assert.Equal(8 * 0.7, _rate.PerSecond!.Value, precision: 6);
        _rate.Throttled(sentAt: Seconds(1.5), now: Seconds(1.6));
        Assert.True(_rate.PerSecond < 8 * 0.7);
    }

    [Fact]
    public void WhatWasThrottledFromTheStartIsTriedNowAndThen()
    {
        _rate.Throttled(Seconds(0), Seconds(0));

        Assert.Equal(Seconds(2), _rate.Wait(Seconds(0)));
    }

    [Fact]
    public void ItGrowsSlowlyThenFastAndThenThereIsNone()
    {
        TakeInASecond(100);
        _rate.Throttled(Seconds(1), Seconds(1));
        _rate.Wait(Seconds(2));
        Assert.Equal(70 + 10, _rate.PerSecond!.Value, precision: 6);
        _rate.Wait(Seconds(4));
        var grown = _rate.PerSecond!.Value;
        _rate.Wait(Seconds(5));
        Assert.Equal(grown * 2, _rate.PerSecond!.Value, precision: 6);
        _rate.Wait(Seconds(11));

        Assert.Null(_rate.PerSecond);
    }

    void TakeInASecond(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            _rate.Taken(Seconds(0.5));
        }
    }

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
