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
    readonly SegmentPool _memory = new(Segments);
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
        if (othersFill)
        {
            _shares.NoteBusy(true);
        }

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
    [InlineData(0, true)]
    [InlineData(2, false)]
    public async Task AFileWithMuchToReadWaitsForMemoryInOnePieceWhereSeveralFillBatches(
        int busy, bool isBegun)
    {
        await using var source = Run(lines: (1 << 20) / LineBytes);
        for (var i = 0; i < busy; i++)
        {
            _shares.NoteBusy(true);
        }

        var bodies = Enumerable.Range(0, 4).Select(_ => TakeBody((Slab.MostSegments / 2) + 1)).ToList();
        Assert.False(_memory.IsUsedUp);
        Assert.Equal(isBegun, TakenBytes(source) > 0);

        _memory.Return(bodies[1]);
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

    // As many as fit behind one another.
    List<Segment> TakeBody(int segments)
    {
        List<Segment> body = [_memory.TryRent(isForMuch: true)!.Value];
        while (body.Count < segments && _memory.TryRent(body[^1]) is { } next && next.Follows(body[^1]))
        {
            body.Add(next);
        }

        return body;
    }

    List<Segment> Take(int segments) => [.. Enumerable.Range(0, segments).Select(_ => _memory.TryRent()!.Value)];
}
