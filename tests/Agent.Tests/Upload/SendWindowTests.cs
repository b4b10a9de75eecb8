using Agent.Upload;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>More batches at once while it helps, fewer on trouble.</summary>
public sealed class SendWindowTests
{
    static readonly TimeSpan Way = TimeSpan.FromMilliseconds(20);

    readonly SendWindow _window = new();

    [Fact]
    public void TheWindowGrowsByOneForEachAcceptedBatchWhileFullOnesWaitUpToItsMost()
    {
        _window.Accepted(fullBatchWaits: false, Way);
        Assert.Equal(2, _window.Size);
        for (var i = 0; i < 100; i++)
        {
            _window.Accepted(fullBatchWaits: true, Way);
            Assert.Equal(Math.Min(3 + i, 24), _window.Size);
        }
    }

    /// <summary>A service that answers one batch after the other, in so many milliseconds each, after a way of so
    /// many: more at once than keep it busy only wait for each other.</summary>
    [Theory]
    [InlineData(0, 2, 4, 10)]
    [InlineData(20, 2, 13, 20)]
    [InlineData(200, 2, 24, 24)]
    [InlineData(20, 20, 4, 12)]
    public void ItGrowsAsFarAsTheWayIsLongAndNoFurther(int wayMs, int eachMs, int least, int most)
    {
        for (var i = 0; i < 500; i++)
        {
            _window.Accepted(
                fullBatchWaits: true,
                TimeSpan.FromMilliseconds(Math.Max(wayMs + eachMs, _window.Size * eachMs)));
        }

        Assert.InRange(_window.Size, least, most);
    }

    [Fact]
    public void TroubleHalvesTheWindowAndNeverClosesIt()
    {
        for (var i = 0; i < 6; i++)
        {
            _window.Accepted(fullBatchWaits: true, Way);
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
