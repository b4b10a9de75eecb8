using Agent.Events;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests.Chaos;

/// <summary>The judge of a chaos run must be able to say no.</summary>
public sealed class ChaosVerdictTests
{
    const int Written = 10;

    static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    static readonly FileIdentity File = new(1, 2);

    // Lines 5 to 7 stood at line 3 of their file and were destroyed at noon.
    static readonly Destroyed[] Rotation =
        [new(Chaos.Rotation.Copytruncate, File, Bytes(3), FirstLine: 5, EndLine: 8, Noon)];

    [Fact]
    public void EveryLineThatArrivedIsGood() => Assert.True(Verdict(missing: []).IsGood);

    [Fact]
    public void AMissingLineThatNothingDestroyedIsBad()
    {
        var verdict = Verdict(missing: [4], Gap(0, null));

        Assert.False(verdict.IsGood);
        Assert.Equal([4], verdict.NeverDestroyed);
    }

    [Fact]
    public void ADestroyedLineWithoutARecordIsBad()
    {
        var verdict = Verdict(missing: [6]);

        Assert.False(verdict.IsGood);
        Assert.Equal([6], verdict.NotRecorded);
    }

    [Fact]
    public void ADestroyedLineThatARecordCoversIsGood()
    {
        Assert.True(Verdict(missing: [6], Gap(Bytes(3), Bytes(6))).IsGood);
        Assert.True(Verdict(missing: [6], Gap(Bytes(4), null)).IsGood);
    }

    [Fact]
    public void ARecordThatBeginsBehindTheLineCoversItNot() =>
        Assert.False(Verdict(missing: [6], Gap(Bytes(5), null)).IsGood);

    [Fact]
    public void ARecordOfAnotherFileOrOfAnEarlierTimeCoversNothing()
    {
        Assert.False(Verdict(missing: [6], Gap(0, null) with { Identity = new(1, 3) }).IsGood);
        Assert.False(Verdict(missing: [6], Gap(0, null) with { At = Noon.AddSeconds(-1) }).IsGood);
    }

    [Fact]
    public void ALineBehindARecordsKnownEndIsGoodAndCounted()
    {
        var verdict = Verdict(missing: [6, 7], Gap(Bytes(3), Bytes(5)));

        Assert.True(verdict.IsGood);
        Assert.Equal(1, verdict.BeyondGaps);
    }

    static ChaosVerdict Verdict(int[] missing, params Gap[] gaps) =>
        ChaosVerdict.Of(Enumerable.Range(0, Written).Except(missing).ToList(), Written, Rotation, gaps);

    static Gap Gap(long from, long? to) => new("", "", "", File, from, to, "", Noon.AddSeconds(1));

    static long Bytes(int lines) => lines * SecureLog.LineBytes;
}
