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
        _shares.NoteBusy(true);
        Grow();
        Assert.Equal(48, _shares.Share);

        List<int> shares = [];
        for (var i = 0; i < 40; i++)
        {
            _shares.NoteBusy(true);
            shares.Add(_shares.Share);
        }

        Assert.Equal([26, 18, 14, 11], shares[..4]);
        Assert.Equal(3, shares[^1]);

        for (var i = 0; i < 40; i++)
        {
            _shares.NoteBusy(false);
        }

        Assert.Equal(48, _shares.Share);
    }

    [Fact]
    public void SharesAreSharedFromTheSecondStreamOn()
    {
        List<bool> shared = [_shares.AreShared];
        foreach (var isBusy in (bool[])[true, true, false, false])
        {
            _shares.NoteBusy(isBusy);
            shared.Add(_shares.AreShared);
        }

        Assert.Equal([false, false, true, false, false], shared);
    }

    [Fact]
    public void WithoutAnswersOneAtATimeIsLeft()
    {
        _shares.NoteBusy(true);
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
