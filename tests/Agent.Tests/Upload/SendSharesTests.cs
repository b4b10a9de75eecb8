using Agent.Upload;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>Streams that have much to send may have as many batches on their way, each, as one of them.</summary>
public sealed class SendSharesTests
{
    readonly FakeTimeProvider _time = new();
    readonly SendShares _shares;

    public SendSharesTests() => _shares = new(48, _time);

    [Fact]
    public void AStreamThatSendsAloneHasTheWholeWindowAndOthersAsMuchAsIsTheirShare()
    {
        _shares.NoteFull(now: 1, before: 0);
        Grow();
        Assert.Equal(48, _shares.Share);

        List<int> shares = [];
        for (var i = 0; i < 40; i++)
        {
            _shares.NoteFull(now: 1, before: 0);
            shares.Add(_shares.Share);
        }

        Assert.Equal([26, 18, 14, 11], shares[..4]);
        Assert.Equal(3, shares[^1]);

        for (var i = 0; i < 40; i++)
        {
            _shares.NoteFull(now: 0, before: 1);
        }

        Assert.Equal(48, _shares.Share);
    }

    [Fact]
    public void FullBatchesAreCountedOverAllStreamsThatHaveSome()
    {
        _shares.NoteFull(now: 2, before: 0);
        Assert.Equal((1, 2), _shares.Full);
        _shares.NoteFull(now: 3, before: 0);
        Assert.Equal((2, 5), _shares.Full);
        _shares.NoteFull(now: 1, before: 2);
        Assert.Equal((2, 4), _shares.Full);
        _shares.NoteFull(now: 0, before: 3);
        Assert.Equal((1, 1), _shares.Full);
    }

    [Fact]
    public void WithoutAnswersOneAtATimeIsLeft()
    {
        _shares.NoteFull(now: 1, before: 0);
        Grow();
        for (var i = 0; i < 10; i++)
        {
            _shares.Unanswered();
        }

        Assert.Equal(1, _shares.Share);
        for (var i = 0; i < 10; i++)
        {
            _shares.Accepted(isFull: false, anotherWaits: false);
        }

        Assert.Equal(3, _shares.Share); // as at the beginning, though nothing was full
    }

    // Each batch more that is on its way is one more that is taken.
    void Grow()
    {
        for (var i = 0; i < 500; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.05 / _shares.Share));
            _shares.Accepted(isFull: true, anotherWaits: true);
        }
    }
}
