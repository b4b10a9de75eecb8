using Agent.Upload;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>More batches at once while it helps, fewer on trouble.</summary>
public sealed class SendWindowTests
{
    readonly SendWindow _window = new();

    [Fact]
    public void TheWindowGrowsByOneForEachAcceptedBatchWhileFullOnesWaitUpToItsMost()
    {
        _window.Accepted(fullBatchWaits: false);
        Assert.Equal(2, _window.Size);
        for (var i = 0; i < 100; i++)
        {
            _window.Accepted(fullBatchWaits: true);
            Assert.Equal(Math.Min(3 + i, 24), _window.Size);
        }
    }

    [Fact]
    public void TroubleHalvesTheWindowAndNeverClosesIt()
    {
        for (var i = 0; i < 6; i++)
        {
            _window.Accepted(fullBatchWaits: true);
        }

        List<int> sizes = [];
        for (var i = 0; i < 5; i++)
        {
            _window.Failed();
            sizes.Add(_window.Size);
        }

        Assert.Equal([4, 2, 1, 1, 1], sizes);
    }
}
