using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests.Chaos;

/// <summary>Everything at once. Not among the normal tests: ./build.sh chaos and ./build.sh soak run these.</summary>
public sealed class ChaosTests(ITestOutputHelper output) : IDisposable
{
    readonly TestFolder _folder = new();

    [Fact(Explicit = true)]
    public async Task AStormLosesNoLineThatItDidNotDestroy() => await JudgeAsync(ChaosPlan.Storm(ChaosPlan.Words()));

    [Fact(Explicit = true)]
    public async Task ALongSoakLosesNoLineAndNeedsNoMoreAtItsEndThanAtItsBeginning()
    {
        var footprints = await JudgeAsync(ChaosPlan.Soak(ChaosPlan.Words()));

        var early = footprints[footprints.Count / 5];
        var late = footprints[^1];
        output.WriteLine($"at a fifth of the time: {early}; at the end: {late}");
        Assert.InRange(late.ResidentMebibytes, 0, (1.5 * early.ResidentMebibytes) + 20);
        Assert.InRange(late.Handles, 0, (1.5 * early.Handles) + 20);
        Assert.InRange(late.Threads, 0, (1.5 * early.Threads) + 10);
    }

    public void Dispose() => _folder.Dispose();

    // Gives what the agent held, each half a minute.
    async Task<IReadOnlyList<Footprint>> JudgeAsync(ChaosPlan plan)
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud, plan.Seed);
        var diary = new ChaosDiary();
        await using var run = new ChaosRun(plan, _folder, cloud, proxy, diary, output.WriteLine);
        var verdict = await run.RunAsync();
        Assert.True(
            verdict.IsGood, $"seed={plan.Seed}: {verdict}\nwhat happened is in {diary.Keep(plan.Seed)}");
        Assert.InRange(verdict.Balance.Repeats, 0, run.MostRepeats);
        return run.Footprints;
    }
}
