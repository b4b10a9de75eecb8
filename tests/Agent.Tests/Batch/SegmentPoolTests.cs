using Agent.Batch;
using Xunit;

namespace Agent.Tests.Batch;

public sealed class SegmentPoolTests
{
    [Fact]
    public void WhatWasFreeAllTheTimeSinceTheLastTrimIsLetGo()
    {
        var pool = new SegmentPool(8);
        List<byte[]> first = [.. Enumerable.Range(0, 5).Select(_ => pool.TryRent()!)];
        pool.Return([.. first]);
        pool.Trim();
        var again = pool.TryRent()!;
        Assert.Contains(first, one => ReferenceEquals(one, again));
        pool.Return([again]);
        pool.Trim();
        var kept = pool.TryRent()!;
        var made = pool.TryRent()!;

        Assert.Contains(first, one => ReferenceEquals(one, kept));
        Assert.DoesNotContain(first, one => ReferenceEquals(one, made));
    }

    [Fact]
    public void ATrimSaysTheMostThatWasInUseSinceTheLast()
    {
        var pool = new SegmentPool(8);
        pool.Return([pool.TryRent()!, pool.TryRent()!, pool.TryRent()!]);
        var busy = pool.Trim();
        pool.Return([pool.TryRent()!]);
        var calm = pool.Trim();

        Assert.Equal((3 * SegmentPool.SegmentBytes, SegmentPool.SegmentBytes), (busy, calm));
        Assert.Equal(0, pool.Trim());
    }

    [Fact]
    public void ATrimmedPoolGivesItsWholeBudgetAgain()
    {
        var pool = new SegmentPool(3);
        pool.Return([pool.TryRent()!, pool.TryRent()!, pool.TryRent()!]);
        pool.Trim();
        pool.Trim();

        Assert.Equal(0, pool.UsedBytes);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.NotNull(pool.TryRent()));
        Assert.Null(pool.TryRent());
    }
}
