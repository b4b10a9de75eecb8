using Agent.Checkpoint;
using Agent.Discovery;
using Agent.Events;
using Agent.Pipeline;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>What is known of files is kept as long as it may be of use, and no longer.</summary>
public sealed class LongGoneTests : IDisposable
{
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileThatWasReadToItsEndAndIsGoneForMonthsIsForgotten() => Assert.Equal([7], Forgotten(Row(days: 91)));

    [Fact]
    public void TheNewestOfAnEntryIsKeptOrItsNextFileWouldLookLikeItsVeryFirst() =>
        Assert.Empty(LongGone.Among([Row(days: 91)], Now, new Neighbourhood(TimeProvider.System)));

    [Fact]
    public void OneThatWentLatelyIsKept() => Assert.Empty(Forgotten(Row(days: 89)));

    [Fact]
    public void OneThatWasNotReadToItsEndIsKept() => Assert.Empty(Forgotten(Row(days: 91) with { IsFinished = false }));

    [Fact]
    public void OneThatNobodyKnowsTheTimeOfIsKept() => Assert.Empty(Forgotten(Row(days: 91) with { SeenAt = 0 }));

    [Theory]
    [InlineData("log")]
    [InlineData("log.1")]
    [InlineData("log-20261101.gz")]
    public void OneIsKeptAsLongAsItsLogOrARotatedOneIsThere(string name)
    {
        _folder.Write(name, "a");

        Assert.Empty(Forgotten(Row(days: 91)));
    }

    [Fact]
    public void OneThatWentWithItsFolderIsForgottenToo() =>
        Assert.Equal([7], Forgotten(Row(days: 91) with { SourcePath = _folder["pod/log"] }));

    [Fact]
    public void WhatIsForgottenIsForgottenOnDisk()
    {
        var gone = Row(days: 91);
        using var store = PositionStore.Open(_folder.Root, out _);
        store.Commit([gone, gone with { Id = 8 }], []);
        store.Forget([gone]);

        Assert.Equal(8, Assert.Single(store.ReadPositions()).Id);
    }

    FilePosition Row(int days) => Some.Position with
    {
        Id = 7,
        SourcePath = _folder["log"],
        IsFinished = true,
        SeenAt = (Now - TimeSpan.FromDays(days)).ToUnixTimeMilliseconds()
    };

    // Of two of an entry, the newer of which is never forgotten.
    static IEnumerable<long> Forgotten(FilePosition row) =>
        LongGone.Among([row, row with { Id = row.Id + 1 }], Now, new Neighbourhood(TimeProvider.System))
            .Select(gone => gone.Id);
}
