using Agent.Aws;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Aws;

public sealed class ServiceTimeTests
{
    static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    readonly FakeTimeProvider _host = new(Now);
    readonly CollectingLog _log = new();
    readonly ServiceTime _time;

    public ServiceTimeTests() => _time = new(_host, _log);

    [Fact]
    public void SecondsOfDifferenceAreNobodysFault()
    {
        Assert.False(_time.Learn(Now.AddSeconds(9)));
        Assert.Equal(Now, _time.GetUtcNow());
    }

    [Fact]
    public void AWrongClockIsCorrectedAndSaidOnce()
    {
        Assert.True(_time.Learn(Now.AddHours(-3)));
        _host.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_time.Learn(Now.AddHours(-3).AddMinutes(1)));

        Assert.Equal(Now.AddHours(-3).AddMinutes(1), _time.GetUtcNow());
        Assert.Contains("10800 s fast", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void AClockThatWasSetRightIsTrustedAgain()
    {
        _time.Learn(Now.AddMinutes(20));
        _host.Advance(TimeSpan.FromMinutes(20)); // as chrony steps it
        Assert.True(_time.Learn(_host.GetUtcNow().AddSeconds(2)));

        Assert.Equal(_host.GetUtcNow(), _time.GetUtcNow());
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public void WhatIsMeasuredIsMeasuredByTheHostsClock()
    {
        var began = _time.GetTimestamp();
        _time.Learn(Now.AddHours(5));

        Assert.Equal(TimeSpan.Zero, _time.GetElapsedTime(began));
    }
}
