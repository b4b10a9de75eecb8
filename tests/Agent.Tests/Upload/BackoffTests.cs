using Agent.Upload;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>How long a batch waits for its next try.</summary>
public sealed class BackoffTests
{
    const double AlmostOne = 0.999999;

    [Theory]
    [InlineData(1, 0.4)]
    [InlineData(2, 0.8)]
    [InlineData(3, 1.6)]
    [InlineData(7, 25.6)]
    [InlineData(8, 30)]
    [InlineData(1_000_000, 30)]
    [InlineData(int.MaxValue, 30)]
    public void TheWaitIsDrawnFromARangeThatDoublesUpToHalfAMinute(int attempt, double mostSeconds)
    {
        Assert.Equal(TimeSpan.Zero, new Backoff(() => 0).Soon(attempt, null));
        Assert.Equal(TimeSpan.FromSeconds(mostSeconds / 2), new Backoff(() => 0.5).Soon(attempt, null));
        Assert.InRange(
            new Backoff(() => AlmostOne).Soon(attempt, null).TotalSeconds, mostSeconds * 0.9999, mostSeconds);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0.1, 0.2)]
    [InlineData(86_400, 30)]
    [InlineData(-1, 0.2)]
    public void WhatTheServiceAskedForIsHeededWithinReason(double askedSeconds, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds), new Backoff(() => 0.5).Soon(1, TimeSpan.FromSeconds(askedSeconds)));

    [Fact]
    public void WhatAPersonMustMendIsTriedEveryQuarterToHalfMinute()
    {
        Assert.Equal(TimeSpan.FromSeconds(15), new Backoff(() => 0).Later());
        Assert.InRange(new Backoff(() => AlmostOne).Later().TotalSeconds, 29.9, 30);
    }
}
