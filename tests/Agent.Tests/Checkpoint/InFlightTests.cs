using Agent.Checkpoint;
using Agent.Events;
using Agent.Tests.Support;
using CsCheck;
using Xunit;

namespace Agent.Tests.Checkpoint;

/// <summary>Answers come in any order; what is committed never claims more than what was taken.</summary>
public sealed class InFlightTests
{
    readonly Lock _lock = new();
    readonly List<long> _committed = [];

    [Fact]
    public void OnlyTheUnbrokenPrefixIsCommittedInWhateverOrderBatchesAreTaken() =>
        Gen.Shuffle(Enumerable.Range(1, 12).Select(i => (long)i).ToArray()).Sample(order =>
        {
            List<long> committed = [];
            var (inFlight, ends) = Filled(12, end => committed.Add(end.OffsetBytes));
            HashSet<long> resolved = [];
            foreach (var offset in order)
            {
                inFlight.Resolve(ends[(int)offset - 1]);
                resolved.Add(offset);
                var prefix = Enumerable.Range(1, 12).TakeWhile(i => resolved.Contains(i)).Count();
                Assert.Equal(prefix, committed.LastOrDefault());
                Assert.Equal(prefix == 12, inFlight.IsEmpty);
            }

            Assert.Equal(committed.Distinct().Order(), committed);
        });

    [Fact]
    public async Task AnswersThatArriveAtOnceNeverMoveTheCommitBack()
    {
        const int Batches = 20_000;
        var (inFlight, ends) = Filled(Batches, end =>
        {
            lock (_lock)
            {
                _committed.Add(end.OffsetBytes);
            }
        });

        // Each thread resolves every fourth, all of them at once.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(first => Task.Run(
            () =>
            {
                for (var i = first; i < Batches; i += 4)
                {
                    inFlight.Resolve(ends[i]);
                }
            }, TestContext.Current.CancellationToken)));

        Assert.Equal(Batches, _committed[^1]);
        Assert.Equal(_committed.Order(), _committed);
        Assert.True(inFlight.IsEmpty);
    }

    [Fact]
    public void WhatIsAddedAfterAllWasCommittedIsCommittedInItsTurn()
    {
        var (inFlight, ends) = Filled(1, end => _committed.Add(end.OffsetBytes));
        inFlight.Resolve(ends[0]);
        var next = Some.Position with { OffsetBytes = 7 };
        inFlight.Add(next);
        Assert.False(inFlight.IsEmpty);
        inFlight.Resolve(next);

        Assert.Equal([1, 7], _committed);
    }

    [Fact]
    public void WhatIsForgottenBeginsWhereTheOneBeforeItEnds()
    {
        var (inFlight, ends) = Filled(4, end => _committed.Add(end.OffsetBytes));
        inFlight.Resolve(ends[0]);

        Assert.Equal(1, inFlight.Before(ends[1]).OffsetBytes);
        Assert.Equal(2, inFlight.Before(ends[2]).OffsetBytes);
        inFlight.ForgetFrom(ends[2]);
        inFlight.Resolve(ends[1]);

        Assert.True(inFlight.IsEmpty);
        Assert.Equal([1, 2], _committed);
    }

    [Fact]
    public void BeforeTheFirstIsWhereReadingBegan()
    {
        var inFlight = new InFlight(Some.Position with { OffsetBytes = 100 }, _ => { });
        var end = Some.Position with { OffsetBytes = 200 };
        inFlight.Add(end);
        Assert.Equal(100, inFlight.Before(end).OffsetBytes);

        inFlight.ForgetFrom(end);
        inFlight.MoveTo(Some.Position with { OffsetBytes = 150 });
        inFlight.Add(end);

        Assert.Equal(150, inFlight.Before(end).OffsetBytes);
    }

    static (InFlight, List<FilePosition>) Filled(int batches, Action<FilePosition> commit)
    {
        var inFlight = new InFlight(Some.Position, commit);
        var ends = Enumerable.Range(1, batches).Select(i => Some.Position with { OffsetBytes = i }).ToList();
        ends.ForEach(end => inFlight.Add(end));
        return (inFlight, ends);
    }
}
