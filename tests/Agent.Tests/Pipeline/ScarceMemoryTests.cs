using System.Text;
using Agent.Batch;
using Agent.Pipeline;
using Agent.Tail;
using Agent.Tests.Support;
using Agent.Upload;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Where memory is short, full batches go first, and nobody takes more than is there for want of patience.
/// </summary>
public sealed class ScarceMemoryTests : IDisposable
{
    const int Segments = 128;
    const int LineBytes = 128;

    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new();
    readonly SegmentPool _memory = new(Segments, TimeProvider.System);
    readonly SendShares _shares;
    readonly byte[] _block = new byte[TailedContent.BlockBytes];

    public ScarceMemoryTests() => _shares = new(48, _time);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, false, true)]
    [InlineData((Segments / 2) + 1, false, false)]
    [InlineData(0, true, false)]
    public async Task ABatchIsBegunWithTheRestOfABlockOnlyWhereMemoryIsNotScarceAndNobodyElseFillsBatches(
        int taken, bool othersFill, bool isBegun)
    {
        await using var source = Run(lines: (2 << 20) / LineBytes);
        Take(taken);
        _shares.NoteFull(now: othersFill ? 1 : 0, before: 0);

        Assert.Equal(LaneProgress.Advanced, Pump(source));
        Assert.Equal(isBegun, source.Entry.Sources.Single().Due is not null);
        await source.UntilAsync(() => source.Delivered.Count == (2 << 20) / LineBytes);
    }

    [Fact]
    public async Task AFileWithMuchToReadWaitsASecondForMemoryBeforeItTakesMoreThanThereIs()
    {
        await using var source = Run(lines: (1 << 20) / LineBytes);
        Take(Segments);
        Assert.Equal(0, TakenBytes(source));
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(0, TakenBytes(source));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.NotEqual(0, TakenBytes(source));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task AFileWithMuchToReadWaitsForMemoryInOnePieceWhereSeveralFillBatches(int streams, bool isBegun)
    {
        await using var source = Run(lines: (1 << 20) / LineBytes);
        _shares.NoteFull(now: _memory.WholeBatches - streams + 1, before: 0);
        for (var i = 1; i < streams; i++)
        {
            _shares.NoteFull(now: 1, before: 0);
        }

        Assert.Equal(isBegun, TakenBytes(source) > 0);

        _shares.NoteFull(now: 0, before: 1);
        Assert.NotEqual(0, TakenBytes(source));
    }

    [Fact]
    public async Task AFileWithLittleToReadWaitsForNobody()
    {
        await using var source = Run(lines: 10);
        Take(Segments);

        Assert.Equal(10 * LineBytes, TakenBytes(source));
    }

    RunningSource Run(int lines)
    {
        var line = new string('x', LineBytes - 1);
        File.WriteAllBytes(_folder["log"], Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat(line + "\n", lines))));
        var service = new ScriptedService { Shares = _shares };
        var source = new RunningSource(_folder["log"], _folder["state"], _time, service, _memory);
        foreach (var one in source.Entry.Sources)
        {
            one.Follow();
        }

        return source;
    }

    LaneProgress Pump(RunningSource source) => source.Entry.Sources.Single().Pump(_block);

    // How far one more look comes.
    long TakenBytes(RunningSource source)
    {
        Pump(source);
        return source.Entry.Sources.Single().Lives.Single().Lane.Extent.ReadBytes;
    }

    List<Segment> Take(int segments) => [.. Enumerable.Range(0, segments).Select(_ => _memory.TryRent()!.Value)];
}
