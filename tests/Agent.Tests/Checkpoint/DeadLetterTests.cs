using System.Text;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Pipeline;
using Agent.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Checkpoint;

/// <summary>What the service refused for good is kept, up to a size, and its record for ever.</summary>
public sealed class DeadLetterTests : IDisposable
{
    static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItIsNamedByItsOwnBytesAndKeepsItsOwnText()
    {
        var batch = Some.Events((At, "one"), (At, "two"), (At, "three"), (At, "four"));
        using var store = Open();
        store.Commit([], [Gaps.Dead(batch, new(1, 2, "because"), At)]);

        var gap = Assert.Single(store.Gaps.Read());
        Assert.Equal((1L, 3L, "because"), (gap.FromBytes, gap.ToBytes, gap.Reason));
        Assert.Equal(2, gap.DeadLetter!.Events);
        Assert.Equal(
            """{"timestamp":0,"message":"two"},{"timestamp":0,"message":"three"}""",
            Encoding.UTF8.GetString(store.Letters.ReadBody(gap.DeadLetter.Id)!));
        Assert.Equal((1L, 2L, gap.DeadLetter.StoredBytes), store.Letters.Summarize());
    }

    [Fact]
    public void WhatIsKeptIsNotLostUntilItIsGivenUp()
    {
        using var store = Open();
        store.Commit([], [Letter("a"), new("/var/log/secure", "g", "s", new(1, 2), 0, 10, "burned", At)]);
        Assert.Equal((1L, 10L, 0L, At), store.Gaps.Summarize());

        store.Letters.Drop(1);

        Assert.Equal((2L, 11L, 0L, At), store.Gaps.Summarize());
        Assert.Null(store.Letters.ReadBody(1));
        Assert.Equal((0L, 0L, 0L), store.Letters.Summarize());
    }

    [Fact]
    public void WhatIsDeliveredAfterAllIsNoGapAnyMore()
    {
        using var store = Open();
        store.Commit([], [Letter("a"), Letter("b")]);

        store.Letters.Deliver(1);

        Assert.Equal(2, Assert.Single(store.Gaps.Read()).DeadLetter!.Id);
    }

    [Fact]
    public void BeyondTheirSizeTheOldestAreGivenUpAndTheirRecordsStay()
    {
        using var store = Open();
        Gap[] letters = [.. Enumerable.Range(0, 5).Select(i => Letter($"letter {i}"))];
        var bytes = letters[0].DeadLetter!.StoredBytes;
        store.Letters.CapBytes = (bytes * 3) + (bytes / 2);

        Assert.Equal(0, store.Commit([], letters[..3]));
        Assert.Equal(2, store.Commit([], letters[3..]));

        Assert.Equal([0, 0, bytes, bytes, bytes], store.Gaps.Read().Select(gap => gap.DeadLetter!.StoredBytes));
        Assert.Equal(2, store.Gaps.Summarize().Lost);
    }

    [Fact]
    public void ItIsCommittedWithItsPositionOrNotAtAll()
    {
        using var store = Open();
        Rows.Query(_folder.Root, "DROP TABLE dead_letter");

        Assert.Throws<SqliteException>(() => store.Commit([Some.Position], [Letter("a")]));

        Assert.Empty(store.ReadPositions());
        Assert.Empty(Rows.Query(_folder.Root, "SELECT id FROM gap"));
    }

    /// <summary>Logs that hold secrets are not for everybody, and neither is what is kept of them.</summary>
    [Fact]
    public void NobodyElseMayReadThem()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("there are no Unix file modes");
            return;
        }

        var database = Rows.Database(_folder.Root);
        File.WriteAllText(database, "");
        File.SetUnixFileMode(database, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        using var store = Open();
        store.Commit([], [Letter("a")]);

        foreach (var file in Directory.EnumerateFiles(_folder.Root, "positions.db*"))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void ADamagedOneSaysSo()
    {
        using var store = Open();
        store.Commit([], [Letter("a")]);
        Rows.Query(_folder.Root, "UPDATE dead_letter SET body = x'00112233'");

        Assert.Throws<InvalidDataException>(() => store.Letters.ReadBody(1));
    }

    /// <summary>A log that is all too old is thousands of records for one reason.</summary>
    [Fact]
    public void ThousandsAreSaidOnceAMinute()
    {
        var time = new FakeTimeProvider();
        var log = new CollectingLog();
        var news = new GapNews(time, log);
        for (var i = 0; i < 1000; i++)
        {
            news.Say(Letter("a"));
        }

        time.Advance(TimeSpan.FromMinutes(1));
        news.Say(Letter("a"));

        Assert.Equal(
        [
            "Warning: /var/log/secure: 1 log events cannot be delivered, the last of them in bytes 0 to 1: because. "
            + "They are kept: vigil deadletters list",
            "Warning: /var/log/secure: 1000 log events cannot be delivered, the last of them in bytes 0 to 1: because. "
            + "They are kept: vigil deadletters list"
        ], log.Lines);
    }

    /// <summary>A full disk and a log that is all too old must not fill the memory.</summary>
    [Fact]
    public async Task WhileTheDiskRefusesTheyAreHeldInMemoryUpToASize()
    {
        var time = new FakeTimeProvider();
        using var store = Open();
        using var stopping = new CancellationTokenSource();
        var log = new CollectingLog();
        var committer = new Committer(store, time, log);
        Rows.Query(_folder.Root, "ALTER TABLE dead_letter RENAME TO away");
        var running = committer.RunAsync(stopping.Token);
        var large = Letter("a");
        large = large with { DeadLetter = large.DeadLetter! with { Body = new byte[6 << 20] } };
        for (var i = 0; i < 4; i++)
        {
            committer.Record(large);
        }

        await Soon.IsAsync(() => committer.Refusal is not null, time, TimeSpan.FromMilliseconds(50));
        Rows.Query(_folder.Root, "ALTER TABLE away RENAME TO dead_letter");
        await Soon.IsAsync(() => committer.IsSettled && committer.Refusal is null, time, TimeSpan.FromSeconds(1));
        await stopping.CancelAsync();
        await running;

        Assert.Contains(log.Lines, line => line.Contains("Nor are they kept", StringComparison.Ordinal));
        Assert.Equal([true, true, false, false], store.Gaps.Read().Select(gap => gap.DeadLetter!.StoredBytes > 0));
    }

    static Gap Letter(string text) => Gaps.Dead(Some.Events((At, text)), new(0, 1, "because"), At);

    PositionStore Open() => PositionStore.Open(_folder.Root, out _);
}
