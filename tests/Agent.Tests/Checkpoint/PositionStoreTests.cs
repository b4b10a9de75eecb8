using Agent.Checkpoint;
using Agent.Events;
using Agent.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Agent.Tests.Checkpoint;

/// <summary>What is committed is there after the next start, and what is there and cannot be read stops no start.
/// </summary>
public sealed class PositionStoreTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void APositionComesBackAsItWasWhateverItsNumbers()
    {
        List<FilePosition> positions =
        [
            Some.Position with
            {
                Id = long.MaxValue,
                Identity = new(ulong.MaxValue, ulong.MaxValue),
                Head = new(256, ulong.MaxValue, 0),
                Anchor = new(64, 1, ulong.MaxValue),
                OffsetBytes = long.MaxValue,
                LastStamp = long.MaxValue,
                IsFinished = true,
                SeenAt = long.MaxValue,
                CutShort = new(new(ulong.MaxValue, 1), long.MaxValue),
                SourcePath = "/var/log/'\"; DROP TABLE position; --\n😀",
                LogGroup = "{instance_id}"
            },
            Some.Position
        ];
        using (var store = Open())
        {
            store.Commit(positions, []);
        }

        using var again = Open();
        Assert.Equal(positions.OrderBy(position => position.Id), again.ReadPositions());
    }

    [Fact]
    public void ARowIsReplacedByItsKeyAndNothingElse()
    {
        using var store = Open();
        store.Commit([Some.Position, Some.Position with { Id = 2 }], []);
        store.Commit([Some.Position with { OffsetBytes = 5 }], []);

        Assert.Equal([Some.Position with { OffsetBytes = 5 }, Some.Position with { Id = 2 }], store.ReadPositions());
    }

    [Fact]
    public void PositionsAndGapsAreKeptTogetherOrNotAtAll()
    {
        using var store = Open();
        Rows.Query(_folder.Root, "DROP TABLE gap");

        Assert.Throws<SqliteException>(() => store.Commit([Some.Position], [Gap(1, 2)]));
        Assert.Empty(store.ReadPositions());
    }

    [Fact]
    public void AGapIsKeptWithWhatIsKnownOfIt()
    {
        using var store = Open();
        store.Commit([], [Gap(1, 2), Gap(5, null)]);

        Assert.Equal(
        [
            "/var/log/secure|g|s|7|8|1|2|it burned|1970-01-01T00:00:00.0000000+00:00",
            "/var/log/secure|g|s|7|8|5||it burned|1970-01-01T00:00:00.0000000+00:00"
        ], Rows.Query(_folder.Root,
            "SELECT source_path, log_group, log_stream, device, inode, from_bytes, to_bytes, reason, at FROM gap"));
    }

    [Fact]
    public void AFactOutlivesTheProcess()
    {
        using (var store = Open())
        {
            Assert.Null(store.ReadFact("instance_id"));
            store.KeepFact("instance_id", "i-1");
            store.KeepFact("instance_id", "i-2");
        }

        using var again = Open();
        Assert.Equal("i-2", again.ReadFact("instance_id"));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void WhatIsNoDatabaseIsMovedAsideAndTheAgentStarts(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        File.WriteAllBytes(Rows.Database(_folder.Root), noise);

        using var store = PositionStore.Open(_folder.Root, out var movedAside);

        Assert.Equal(Rows.Database(_folder.Root) + ".corrupt", movedAside);
        Assert.Equal(noise, File.ReadAllBytes(movedAside!));
        Assert.Empty(store.ReadPositions());
        store.Commit([Some.Position], []);
        Assert.Single(store.ReadPositions());
    }

    [Fact]
    public void AnEmptyFileIsANewDatabase()
    {
        File.WriteAllBytes(Rows.Database(_folder.Root), []);

        using var store = PositionStore.Open(_folder.Root, out _);

        store.Commit([Some.Position], []);
        Assert.Single(store.ReadPositions());
    }

    [Fact]
    public void ADatabaseOfANewerVigilIsLeftAsItIsAndSaysWhatToDo()
    {
        Open().Dispose();
        Rows.Query(_folder.Root, "PRAGMA user_version = 7");

        var fault = Assert.Throws<StateException>(() => PositionStore.Open(_folder.Root, out _));

        Assert.Contains(
            "written by a newer vigil (schema 7, this one knows 6)", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Rows.Database(_folder.Root) + ".corrupt"));
    }

    [Fact]
    public void ADatabaseOfTheFirstSchemaIsTakenOver()
    {
        Open().Dispose();
        const string NoPrint = "'0:00000000000000000000000000000000'";
        Rows.Query(
            _folder.Root,
            $"INSERT INTO position VALUES(7,'/a','g','s','1','2','b',{NoPrint},9,{NoPrint},3,0,0,NULL,NULL)");
        Rows.Query(_folder.Root, "DROP TABLE dead_letter");
        Rows.Query(_folder.Root, "DROP TABLE state");
        Rows.Query(_folder.Root, "ALTER TABLE position DROP COLUMN place");
        Rows.Query(_folder.Root, "ALTER TABLE position DROP COLUMN cut_short");
        Rows.Query(_folder.Root, "ALTER TABLE position DROP COLUMN seen_at");
        Rows.Query(_folder.Root, "PRAGMA user_version = 1");

        using var store = Open();

        var row = Assert.Single(store.ReadPositions());
        Assert.Equal((7L, 9L, 0L), (row.Id, row.OffsetBytes, row.SeenAt));
    }

    [Fact]
    public void ADatabaseOfTheSecondSchemaIsTakenOver()
    {
        using (var before = Open())
        {
            before.Commit([Some.Position with { SeenAt = 5 }], []);
        }

        Rows.Query(_folder.Root, "DROP TABLE dead_letter");
        Rows.Query(_folder.Root, "DROP TABLE state");
        Rows.Query(_folder.Root, "ALTER TABLE position DROP COLUMN place");
        Rows.Query(_folder.Root, "ALTER TABLE position DROP COLUMN cut_short");
        Rows.Query(_folder.Root, "PRAGMA user_version = 2");

        using var store = Open();

        Assert.Equal([Some.Position with { SeenAt = 5 }], store.ReadPositions());
    }

    [Fact]
    public void AFolderThatIsNotThereSaysWhatToDo()
    {
        var fault = Assert.Throws<StateException>(() => PositionStore.Open(_folder["absent"], out _));

        Assert.Contains("choose another folder with --state", fault.Message, StringComparison.Ordinal);
    }

    PositionStore Open()
    {
        var store = PositionStore.Open(_folder.Root, out var movedAside);
        Assert.Null(movedAside);
        return store;
    }

    static Gap Gap(long from, long? to) =>
        new("/var/log/secure", "g", "s", new(7, 8), from, to, "it burned", DateTimeOffset.UnixEpoch);
}
