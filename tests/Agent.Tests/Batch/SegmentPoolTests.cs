using Agent.Batch;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Batch;

public sealed class SegmentPoolTests
{
    [Fact]
    public void WhatWasFreeAllTheTimeSinceTheLastTrimIsLetGo()
    {
        var pool = new SegmentPool(4 * Slab.MostSegments, TimeProvider.System);
        var (first, second) = (pool.TryRent()!.Value, pool.TryRent()!.Value);
        pool.Return([first, second]);
        pool.Trim();
        pool.Return([pool.TryRent()!.Value]);
        pool.Trim();
        var (kept, made) = (pool.TryRent()!.Value, pool.TryRent()!.Value);

        Assert.Same(first.Slab, kept.Slab);
        Assert.NotSame(second.Slab, made.Slab);
        Assert.Throws<ObjectDisposedException>(() => second.Span.Length);
    }

    [Fact]
    public void ABodyThatGrowsAloneIsOnePiece()
    {
        var pool = new SegmentPool(4 * Slab.MostSegments, TimeProvider.System);
        var last = pool.TryRent()!.Value;
        var other = pool.TryRent()!.Value;
        for (var i = 1; i < Slab.MostSegments; i++)
        {
            var next = pool.TryRent(last)!.Value;
            Assert.True(next.Follows(last));
            last = next;
        }

        Assert.NotSame(last.Slab, other.Slab);
        Assert.False(pool.TryRent(last)!.Value.Follows(last));
    }

    [Fact]
    public void ManyBodiesThatEachHaveLittleAreInHalfOfTheBudgetsSlabsAsLongAsTheyFit()
    {
        var pool = new SegmentPool(8 * Slab.MostSegments, TimeProvider.System);
        var bodies = Enumerable.Range(0, 3 * Slab.MostSegments).Select(_ => pool.TryRent()!.Value).ToList();
        Assert.Equal(4, bodies.DistinctBy(body => body.Slab).Count());

        bodies.AddRange(Enumerable.Range(0, 5 * Slab.MostSegments).Select(_ => pool.TryRent()!.Value));
        Assert.Equal(8, bodies.DistinctBy(body => body.Slab).Count());
        Assert.Null(pool.TryRent());
    }

    [Fact]
    public void FullBatchesAreInOnePieceAsManyAsThereIsMemoryFor()
    {
        var pool = new SegmentPool((4 * Slab.MostSegments) + 8, TimeProvider.System);
        List<List<Segment>> bodies = [];
        for (var i = 0; i < pool.WholeBatches; i++)
        {
            List<Segment> body = [pool.TryRent(isForMuch: true)!.Value];
            while (body.Count < Slab.MostSegments - 4)
            {
                body.Add(pool.TryRent(body[^1], isForMuch: true)!.Value);
                Assert.True(body[^1].Follows(body[^2]));
            }

            bodies.Add(body);
        }

        Assert.Equal(4, bodies.Count);
        var tail = pool.TryRent(isForMuch: true)!.Value;
        pool.Return(bodies[2]);
        pool.Trim();
        pool.Trim();
        pool.Return([tail]);
        Assert.Equal(Slab.MostSegments, pool.TryRent(isForMuch: true)!.Value.Slab!.Segments);
    }

    [Fact]
    public void SlabsOfFullBatchesRestForAWhileUnlessMuchOfTheBudgetIsMade()
    {
        var time = new FakeTimeProvider();
        var pool = new SegmentPool(4 * Slab.MostSegments, time); // three of them may rest
        var first = FillAndReturn(pool);
        time.Advance(TimeSpan.FromMilliseconds(20));
        var second = FillAndReturn(pool);
        time.Advance(TimeSpan.FromMilliseconds(6));

        Assert.NotSame(first, second);
        Assert.Same(first, FillAndReturn(pool));
        var third = FillAndReturn(pool);
        Assert.DoesNotContain(third, new List<Slab> { first, second });
        Assert.Same(second, FillAndReturn(pool));
        Assert.Same(first, FillAndReturn(pool));
    }

    [Fact]
    public void SlabsThatABusierTimeNeededAreLetGoThoughFullBatchesGoOn()
    {
        var time = new FakeTimeProvider();
        var pool = new SegmentPool(4 * Slab.MostSegments, time);
        var (first, second) = (FillAndReturn(pool), FillAndReturn(pool));
        pool.Trim();
        for (var i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(25));
            Assert.Same(first, FillAndReturn(pool));
        }

        pool.Trim();
        Assert.Throws<ObjectDisposedException>(() => second.GetSpan().Length);
    }

    [Fact]
    public void ABodyThatIsReleasedTwiceGivesItsMemoryBackOnce()
    {
        var pool = new SegmentPool(2 * Slab.MostSegments, TimeProvider.System);
        var body = new SegmentedBody(pool, () => false);
        Assert.True(body.TryWrite("one"u8));
        body.Release();
        body.Release();
        var (other, another) = (new SegmentedBody(pool, () => false), new SegmentedBody(pool, () => false));
        Assert.True(other.TryWrite("other"u8) && another.TryWrite("another"u8));

        Assert.Equal("other"u8, other.Written().Single().Span);
        Assert.Equal("another"u8, another.Written().Single().Span);
    }

    [Fact]
    public void NoTwoGetTheSameMemoryInWhateverOrderItIsGivenBack() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 100].Array[1, 300]).Sample((budget, choices) =>
        {
            var pool = new SegmentPool(budget, TimeProvider.System);
            List<Segment> rented = [];
            foreach (var choice in choices)
            {
                if (choice < 40 && rented.Count > 0)
                {
                    var index = choice % rented.Count;
                    pool.Return([rented[index]]);
                    rented.RemoveAt(index);
                }
                else if (pool.TryRent(choice % 2 == 0 || rented.Count == 0 ? default : rented[^1]) is { } segment)
                {
                    Assert.DoesNotContain(rented, one => one.Slab == segment.Slab && one.Offset == segment.Offset);
                    rented.Add(segment);
                }
                else
                {
                    Assert.Equal(budget, rented.Count);
                }

                if (choice == 100)
                {
                    pool.Trim();
                }

                Assert.Equal((long)rented.Count * SegmentPool.SegmentBytes, pool.UsedBytes);
            }
        });

    [Fact]
    public void ATrimSaysTheMostThatWasInUseSinceTheLast()
    {
        var pool = new SegmentPool(8, TimeProvider.System);
        pool.Return([pool.TryRent()!.Value, pool.TryRent()!.Value, pool.TryRent()!.Value]);
        var busy = pool.Trim();
        pool.Return([pool.TryRent()!.Value]);
        var calm = pool.Trim();

        Assert.Equal((3 * SegmentPool.SegmentBytes, SegmentPool.SegmentBytes), (busy, calm));
        Assert.Equal(0, pool.Trim());
    }

    [Fact]
    public void ATrimmedPoolGivesItsWholeBudgetAgain()
    {
        var pool = new SegmentPool(3, TimeProvider.System);
        pool.Return([pool.TryRent()!.Value, pool.TryRent()!.Value, pool.TryRent()!.Value]);
        pool.Trim();
        pool.Trim();

        Assert.Equal(0, pool.UsedBytes);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.NotNull(pool.TryRent()));
        Assert.Null(pool.TryRent());
    }

    // As a full batch does it; the slab that it was in.
    static Slab FillAndReturn(SegmentPool pool)
    {
        var segment = pool.TryRent(isForMuch: true)!.Value;
        pool.Return([segment]);
        return segment.Slab!;
    }
}
