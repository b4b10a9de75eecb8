using Agent.Checkpoint;
using Agent.Events;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Checkpoint;

/// <summary>When positions reach the disk, and what happens while it refuses them.</summary>
public sealed class CommitterTests : IAsyncDisposable
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new();
    readonly CollectingLog _log = new();
    readonly CancellationTokenSource _stopping = new();
    readonly PositionStore _store;
    readonly Committer _committer;
    readonly Task _running;

    public CommitterTests()
    {
        _store = PositionStore.Open(_folder.Root, out _);
        _committer = new(_store, _time, _log);
        _running = _committer.RunAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _store.Dispose();
        _stopping.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhatChangesWithinAFifthOfASecondIsCommittedTogether()
    {
        for (var i = 1; i <= 100; i++)
        {
            _committer.Record(Some.Position with { OffsetBytes = i });
        }

        Assert.Empty(Offsets());
        await Soon.IsAsync(() => Offsets().Count > 0, _time, Step);
        Assert.Equal([100], Offsets());
    }

    [Fact]
    public async Task WhatIsRecordedCountsAsCommittedOnlyOnceItIsOnDisk()
    {
        var first = Some.Position with { OffsetBytes = 5 };
        _committer.Record(first with { OffsetBytes = 50 });

        Assert.Equal(5, _committer.CommittedBytes(first));
        await Soon.IsAsync(() => _committer.CommittedBytes(first) == 50, _time, Step);
        Assert.Equal([50], Offsets());
    }

    [Fact]
    public async Task MuchAcceptedIsCommittedAtOnce()
    {
        _committer.Record(Some.Position);
        _committer.Record(Some.Position with { OffsetBytes = 16 << 20 });

        await Soon.IsAsync(() => Offsets() is [16 << 20]);
    }

    [Fact]
    public async Task WhatAReaderFoundAtItsStartIsNotTakenForMuchAccepted()
    {
        _committer.Record(Some.Position with { OffsetBytes = 1L << 40 });
        _committer.Record(Some.Position with { OffsetBytes = (1L << 40) + 1 });
        await Task.Yield();

        Assert.Empty(Offsets());
    }

    [Fact]
    public async Task WhatIsLeftIsCommittedAtTheStop()
    {
        _committer.Record(Some.Position with { OffsetBytes = 7 });
        await StopAsync();

        Assert.Equal([7], Offsets());
    }

    [Fact]
    public async Task ADiskThatRefusedIsTriedOnceMoreAtTheStop()
    {
        Rows.Query(_folder.Root, "ALTER TABLE position RENAME TO gone");
        _committer.Record(Some.Position with { OffsetBytes = 7 });
        await Soon.IsAsync(() => _log.Lines.Count > 0, _time, Step);
        Rows.Query(_folder.Root, "ALTER TABLE gone RENAME TO position");
        await StopAsync();

        Assert.Equal([7], Offsets());
    }

    [Fact]
    public async Task PositionsWaitInMemoryWhileTheDiskRefusesAndTheLatestIsWrittenThen()
    {
        Rows.Query(_folder.Root, "ALTER TABLE position RENAME TO gone");
        _committer.Record(Some.Position with { OffsetBytes = 1 });
        _committer.Record(Some.Position with { Id = 2, OffsetBytes = 22 });
        _committer.Record(new Gap("/p", "g", "s", default, 1, 2, "it burned", DateTimeOffset.UnixEpoch));
        await Soon.IsAsync(() => _log.Lines.Count > 1, _time, Step);
        _committer.Record(Some.Position with { OffsetBytes = 3 });
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Rows.Query(_folder.Root, "ALTER TABLE gone RENAME TO position");
        await Soon.IsAsync(() => Offsets().Count == 2, _time, TimeSpan.FromSeconds(1));
        await Soon.IsAsync(() => _log.Lines.Count == 3);

        Assert.Equal([3, 22], Offsets());
        Assert.Equal(["1"], Rows.Query(_folder.Root, "SELECT COUNT(*) FROM gap"));
        Assert.StartsWith("Error: The positions cannot be written:", _log.Lines[1], StringComparison.Ordinal);
        Assert.Equal("Information: The positions are written again", _log.Lines[2]);
    }

    [Fact]
    public async Task AGapIsSaidAndKeptAtOnce()
    {
        _committer.Record(new Gap("/p", "g", "s", default, 1, null, "it burned", DateTimeOffset.UnixEpoch));
        Assert.Equal(
            "Warning: /p: what was written after byte 1, if anything, will never be delivered: it burned",
            Assert.Single(_log.Lines));

        // No time passes.
        await Soon.IsAsync(() => Rows.Query(_folder.Root, "SELECT COUNT(*) FROM gap") is ["1"]);
        Assert.Equal(["1|"], Rows.Query(_folder.Root, "SELECT from_bytes, to_bytes FROM gap"));
    }

    List<long> Offsets() => [.. _store.ReadPositions().Select(position => position.OffsetBytes)];

    async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }
}
