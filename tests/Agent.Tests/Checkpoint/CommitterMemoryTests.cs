using Agent.Checkpoint;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Checkpoint;

/// <summary>An agent that runs for a year commits some hundred million times.</summary>
[Collection("alone")]
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class CommitterMemoryTests
{
    const int Commits = 800;

    [Fact]
    public async Task ACommitLeavesNothingBehindInMemory()
    {
        using var folder = new TestFolder();
        using var store = PositionStore.Open(folder.Root, out _);
        using var stopping = new CancellationTokenSource();
        var time = new FakeTimeProvider();
        var committer = new Committer(store, time, new CollectingLog());
        var running = committer.RunAsync(stopping.Token);
        await CommitAsync(100);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await CommitAsync(Commits);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        await stopping.CancelAsync();
        await running;

        Assert.True(kept < Commits * 50, $"{kept / Commits} bytes are kept of each commit");

        async Task CommitAsync(int times)
        {
            for (var i = 1; i <= times; i++)
            {
                var offset = (i % 2) + 1;
                committer.Record(Some.Position with { OffsetBytes = offset });
                await Soon.IsAsync(
                    () => store.ReadPositions() is [{ OffsetBytes: var found }] && found == offset, time,
                    TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
