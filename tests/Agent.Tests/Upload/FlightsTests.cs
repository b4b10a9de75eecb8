using Agent.Tests.Support;
using Agent.Upload;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>A stream that is denied gives its memory back, and nothing is sent twice for that.</summary>
public sealed class FlightsTests
{
    readonly Flights _flights = new(new(48, TimeProvider.System));
    readonly List<long> _rewound = [];

    [Fact]
    public void WhatIsDeniedIsGivenBackWithAllThatFollowsIt()
    {
        var denied = Start(1, 2);
        Add(3, 4);
        _flights.Wait(denied[0], isDenied: true);
        _flights.Wait(denied[1], isDenied: true);

        Assert.Equal([1, 2, 3, 4], TakeBack());
        Assert.Equal([1L], _rewound);
        Assert.Equal((0, 0), _flights.Count);
        Assert.Null(_flights.TryStart());
    }

    [Fact]
    public void WhatStandsBeforeSomethingThatWasTakenIsKept()
    {
        var sent = Start(1, 2);
        Add(3);
        _flights.Wait(sent[0], isDenied: true);
        _flights.End(sent[1]);
        var third = _flights.TryStart()!;
        _flights.Wait(third, isDenied: true);

        Assert.Equal([3], TakeBack());
        Assert.Equal((0, 1), _flights.Count);
        _flights.EndWait(sent[0]);
        Assert.Same(sent[0], _flights.TryStart());
    }

    [Fact]
    public void WhatWasTakenOutIsNeverSent()
    {
        var sent = Start(1);
        Add(2, 3);
        _flights.Wait(sent[0], isDenied: false);
        Assert.Equal(3, _flights.TakeOut().Count);

        _flights.EndWait(sent[0]);
        Assert.Null(_flights.TryStart());
    }

    [Fact]
    public void WhatIsOnItsWayIsKept()
    {
        var sent = Start(1, 2);
        _flights.Wait(sent[0], isDenied: true);

        Assert.Empty(TakeBack());
        _flights.Wait(sent[1], isDenied: true);
        Assert.Equal([1, 2], TakeBack());
    }

    [Fact]
    public void WhatOnlyHasToWaitIsKept()
    {
        var sent = Start(1, 2);
        Add(3);
        _flights.Wait(sent[0], isDenied: false);
        _flights.Wait(sent[1], isDenied: false);

        Assert.Empty(TakeBack());
    }

    [Fact]
    public void WhatIsDeniedIsKeptWhereTheFileCannotBeReadAgain()
    {
        var sent = Start(1, 2);
        _flights.Wait(sent[0], isDenied: true);
        _flights.Wait(sent[1], isDenied: true);

        Assert.Empty(_flights.TakeBack(_ => false));
        Assert.Equal((0, 2), _flights.Count);
        Assert.False(_flights.HasRoom);
        Assert.False(_flights.EndWait(sent[0]));
        Assert.Same(sent[0], _flights.TryStart());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AWaitThatEndsWhileItIsGivenBackIsNotForgottenAndNobodyWaitsForTheFile(bool isBack)
    {
        var sent = Start(1);
        Add(2);
        _flights.Wait(sent[0], isDenied: true);

        var given = _flights.TakeBack(_ =>
        {
            // As an answer comes on another thread, while the file system takes its time.
            var ending = new Thread(() => _flights.EndWait(sent[0]));
            ending.Start();
            Assert.True(ending.Join(TimeSpan.FromSeconds(20)), "an answer waits for the file");
            return isBack;
        });

        Assert.Equal(isBack ? 2 : 0, given.Count);
        Assert.True(!isBack || _flights is { HasRoom: true, IsOnTrial: true });
        Assert.Same(isBack ? null : sent[0], _flights.TryStart());
    }

    [Fact]
    public void AfterTheWaitOneSmallBatchIsTriedAndIfItIsTakenAllIsAsBefore()
    {
        var denied = Start(1, 2);
        denied[0].Tries = 3;
        _flights.Wait(denied[0], isDenied: true);
        _flights.Wait(denied[1], isDenied: true);
        TakeBack();
        Assert.False(_flights.HasRoom);
        Assert.False(_flights.EndWait(denied[1]));
        Assert.False(_flights.HasRoom);

        Assert.True(_flights.EndWait(denied[0]));
        Assert.True(_flights is { HasRoom: true, IsOnTrial: true });
        var trial = Assert.Single(Start(1));
        Assert.Equal(3, trial.Tries); // its next wait is no shorter than the last
        Assert.False(_flights.HasRoom);
        _flights.NoteReached();
        Assert.True(_flights is { HasRoom: true, IsOnTrial: false });
        Assert.True(_flights.End(trial));
    }

    [Fact]
    public void AStreamIsDeniedUntilSomethingIsReached()
    {
        var sent = Start(1);
        Assert.False(_flights.IsDenied);
        _flights.Wait(sent[0], isDenied: true);
        Assert.True(_flights.IsDenied);
        TakeBack();
        Assert.True(_flights.IsDenied);
        _flights.EndWait(sent[0]);
        var trial = Start(1);
        Assert.True(_flights.IsDenied);
        _flights.NoteReached();
        _flights.End(trial[0]);

        Assert.False(_flights.IsDenied);
    }

    [Fact]
    public void OneThatOnlyWaitsDoesNotKeepTheOthersFromTheirTrial()
    {
        var sent = Start(1, 2);
        _flights.Wait(sent[0], isDenied: false);
        _flights.Wait(sent[1], isDenied: true);
        Assert.Equal([2], TakeBack());

        Assert.True(_flights.EndWait(sent[1]));
        Assert.True(_flights.HasRoom);
    }

    List<Flight> Start(params int[] ends)
    {
        Add(ends);
        return [.. ends.Select(_ => _flights.TryStart()!)];
    }

    void Add(params int[] ends) => Array.ForEach(ends, end => _flights.Add(Some.Batch(end)));

    List<int> TakeBack() =>
    [
        .. _flights.TakeBack(first =>
        {
            _rewound.Add(first.End.OffsetBytes);
            return true;
        }).Select(batch => (int)batch.End.OffsetBytes)
    ];
}
