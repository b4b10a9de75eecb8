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
    public void OfThoseThatWentLatelyOnlySoManyAreKept() =>
        Assert.Equal([1, 2, 3], Gone(Many(row => row with { SourcePath = _folder[$"job{row.Id}"] })));

    [Fact]
    public void OneThatIsThereIsKeptHoweverManyThereAre()
    {
        var there = PathLook.At(_folder.Write("job2", "a")).Identity;

        Assert.Equal([1, 3], Gone(Many(row => row with
        {
            SourcePath = _folder[$"job{row.Id}"],
            Identity = row.Id == 2 ? there : row.Identity
        })));
    }

    [Fact]
    public void WhereTheFileSystemIsNotMountedNoneIsForgottenSoSoon() =>
        Assert.Empty(Gone(Many(row => row with
        {
            SourcePath = _folder[$"job{row.Id}"],
            Identity = new(row.Identity.Device + 1, row.Identity.Inode)
        })));

    [Fact]
    public void OfALogThatWasRotatedThousandsOfTimesTheOldestAreForgottenUnlessTheirFilesAreThere()
    {
        _folder.Write("log", "a");
        var there = PathLook.At(_folder.Write("log.9999", "a")).Identity;

        Assert.Equal([1, 3], Gone(Many(row => row.Id == 2 ? row with { Identity = there } : row)));
    }

    [Fact]
    public void AnAgentThatFinishedThousandsOfFilesForgetsWhileItRuns()
    {
        using var store = PositionStore.Open(_folder.Root, out _);
        store.Commit(Many(row => row with { SourcePath = _folder[$"job{row.Id}"] }), []);
        var plan = RunningSource.PlanOf(_folder["job*"]);
        var claims = new Claims("boot");
        var forgetting = new Forgetting(
            store, claims, new(TimeProvider.System), TimeProvider.System, new CollectingLog());
        forgetting.ForgetIfDue([plan]);
        var before = store.ReadPositions().Count;
        store.ReadPositions().ForEach(row => claims.Finish(row, plan.Destination));
        forgetting.ForgetIfDue([plan]);

        Assert.Equal(LongGone.MostKept + 4, before);
        Assert.Equal(LongGone.MostKept + 1, store.ReadPositions().Count);
    }

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

    // Three more than are kept, and the newest.
    List<FilePosition> Many(Func<FilePosition, FilePosition> row)
    {
        var device = PathLook.At(_folder.Write("any", "")).Identity.Device;
        return
        [
            .. Enumerable.Range(1, LongGone.MostKept + 4)
                .Select(id => row(Row(days: 1) with { Id = id, Identity = new(device, ulong.MaxValue - (ulong)id) }))
        ];
    }

    static IEnumerable<long> Gone(IReadOnlyList<FilePosition> rows) =>
        LongGone.Among(rows, Now, new Neighbourhood(TimeProvider.System)).Select(row => row.Id);

    // Of two of an entry, the newer of which is never forgotten.
    static IEnumerable<long> Forgotten(FilePosition row) =>
        LongGone.Among([row, row with { Id = row.Id + 1 }], Now, new Neighbourhood(TimeProvider.System))
            .Select(gone => gone.Id);
}
