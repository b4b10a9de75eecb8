using System.IO.Compression;
using System.Text;
using Agent.Discovery;
using Agent.Pipeline;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>The promise under claims, handles and names that somebody wants to see broken.</summary>
public sealed class HostileReviewTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly ScriptedService _service = new();
    TaskCompletionSource? _gate;

    public HostileReviewTests() => _service.OnPut = async _ =>
    {
        await (_gate?.Task ?? Task.CompletedTask);
        return Answers.Ok();
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ALogThatWasTruncatedOnceIsReadOnceThoughItsRotatedNameMatchesToo()
    {
        await using var source = Start(Plan("log*") with { TailsAll = true });
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        _folder.Write("log", "new\n2\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);
        await PassAsync(source, rounds: 5);

        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "last\n");
        await PassAsync(source, rounds: 5);

        Assert.Equal(["2", "last", "new", "one"], source.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ALogWhoseTruncatedRestWasFoundCompressedIsNotReadTwiceAtItsNextRename()
    {
        await using var source = Start(Plan("log"));
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        Compress("log.1.gz", "one\ntwo\n");
        _folder.Write("log", "3\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);
        await PassAsync(source, rounds: 5);

        File.Move(_folder["log"], _folder["log.2"]);
        Assert.Single(source.Entry.Sources).FollowRename(_folder["log.2"]);
        _folder.Write("log", "4\n");
        await PassAsync(source, rounds: 5);

        Assert.Equal(["3", "4", "one", "two"], source.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AFileThatGotTheInodeOfALostOneIsRead()
    {
        var plan = Plan("*.log") with { TailsAll = true };
        await using (var first = Start(plan))
        {
            _folder.Write("a.log", "one\n");
            await first.UntilAsync(() => first.Delivered.Count == 1);
        }

        File.Move(_folder["a.log"], _folder["b.log"]);
        _folder.Write("b.log", "two\n");
        _folder.Write("a.log", "three\n");
        await using var second = Start(plan);
        await PassAsync(second, rounds: 20);

        Assert.Equal(["three", "two"], second.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AFileAsLongAsTheFinishedOneWhoseInodeItGotIsRead()
    {
        await using var source = Start(Plan("*.log") with { TailsAll = true });
        _folder.Write("a.log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        File.Move(_folder["a.log"], _folder["free"]);
        await PassAsync(source, rounds: 100);

        _folder.Write("free", "two\n");
        File.Move(_folder["free"], _folder["b.log"]);
        await PassAsync(source, rounds: 20);

        Assert.Equal(["one", "two"], source.Delivered);
    }

    [Fact]
    public async Task AFileThatCameAndWentWithTheInodeOfAFinishedOneIsRead()
    {
        await using var source = Start(Plan("log"));
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "x\n");
        await PassAsync(source, rounds: 100);

        File.Move(_folder["log"], _folder["log.2"]);
        _folder.Write("log.1", "two\n");
        File.Move(_folder["log.1"], _folder["log"]);
        File.Move(_folder["log"], _folder["log.3"]);
        _folder.Write("log", "three\n");
        var one = Assert.Single(source.Entry.Sources);
        one.FollowRename(_folder["log.2"]);
        one.FollowRename(_folder["log.3"]);
        await PassAsync(source, rounds: 20);

        Assert.Equal(["one", "three", "two", "x"], source.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WhatFoundNoRoomIsReadOnceThereIsRoomThoughItsHandleWasReleased()
    {
        await using var source = Start(Plan("log") with { ReleasesHandles = true });
        _gate = new();
        await FillWindowAsync(source, "log");
        _folder.Append("log", "last\n");
        await PassAsync(source, rounds: 3);

        _gate.SetResult();
        _gate = null;
        await PassAsync(source, rounds: 100);

        Assert.Contains("last", source.Delivered);
    }

    [Fact]
    public async Task ARotatedFileThatHoldsAnEventDoesNotStopItsSuccessorForEverOnceItsHandleIsReleased()
    {
        var plan = Plan("*.log") with { TailsAll = true, EventTimeout = TimeSpan.FromMinutes(1) };
        await using var source = Start(plan, mostOpenFiles: 2);
        var relief = new HandleRelief(source.Handles, _time, source.Log);
        _folder.Write("a.log", "one\n more\n");
        source.Read();
        File.Move(_folder["a.log"], _folder["a.log.1"]);
        _folder.Write("a.log", "two\n");
        source.Read();
        _folder.Write("b.log", "bee\n");
        await PassAsync(source, rounds: 100, relief);

        Assert.Equal(["bee", "one\n more", "two"], source.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LinesWrittenToARotatedFileWhoseHandleOthersNeededAreDelivered()
    {
        await using var source = Start(Plan("*.log") with { TailsAll = true }, mostOpenFiles: 2);
        var relief = new HandleRelief(source.Handles, _time, source.Log);
        _folder.Write("a.log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        File.Move(_folder["a.log"], _folder["a.log.1"]);
        _folder.Write("a.log", "two\n");
        await source.UntilAsync(() => source.Delivered.Count == 2);
        _folder.Write("b.log", "bee\n");
        await PassAsync(source, rounds: 3, relief);
        _folder.Append("a.log.1", "late\n");
        await PassAsync(source, rounds: 100, relief);

        Assert.Contains("late", source.Delivered);
    }

    [Fact]
    public async Task AFileRewrittenToTheSameLengthWhileItsHandleWasReleasedIsRead()
    {
        await using var source = Start(Plan("log"));
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        await PassAsync(source, rounds: 40);
        new HandleRelief(source.Handles, _time, source.Log).ReleaseIfIdle(Assert.Single(source.Entry.Sources));
        _folder.Write("log", "two\n");
        await PassAsync(source, rounds: 40);

        Assert.Equal(["one", "two"], source.Delivered);
    }

    [Fact]
    public async Task TheHandleOfADeletedFileIsKeptThoughNobodyHasNoticedYet()
    {
        await using var source = Start(Plan("log"));
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        File.Delete(_folder["log"]);
        var read = Assert.Single(source.Entry.Sources);

        Assert.False(read.TryRelease(read.Lives[0]));
    }

    [Fact]
    public async Task ANewFileWithTheInodeOfOneThatWasDeletedWhileItWasClosedIsNotTakenForIt()
    {
        await using var source = Start(Plan("*.log") with { TailsAll = true });
        _folder.Write("a.log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        var first = Assert.Single(source.Entry.Sources);
        Assert.True(first.TryRelease(first.Lives[0]));
        var inode = PathLook.At(_folder["a.log"]).Identity;
        File.Delete(_folder["a.log"]);
        _folder.Write("b.log", "two\n");
        Assert.SkipUnless(
            PathLook.At(_folder["b.log"]).Identity == inode,
            "this file system does not give an inode out again at once");
        await source.UntilAsync(() => source.Delivered.Count == 2);
        await PassAsync(source, rounds: 5);

        Assert.Equal(["one", "two"], source.Delivered);
        Assert.Contains($"Information: {_folder["b.log"]}: found; reading from its beginning", source.Log.Lines);
        Assert.DoesNotContain(source.Log.Lines, line => line.Contains("truncated after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ALogThatWasTruncatedIsNotDeletedForThat()
    {
        await using var source = Start(Plan("log") with { RemovesFiles = true });
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        _folder.Write("log", "new\n2\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);
        await PassAsync(source, rounds: 5);

        Assert.True(File.Exists(_folder["log"]));
    }

    [Fact]
    public async Task ARotatedFileThatWasCompressedComesBeforeANewerOneThatWasNot()
    {
        _service.OnPut = _ => Task.FromResult(Answers.Error("ServiceUnavailableException", 503));
        await using (var first = Start(Plan("log")))
        {
            _folder.Write("log", "one\n");
            await PassAsync(first, rounds: 3);
            File.Move(_folder["log"], _folder["log.1"]);
            _folder.Write("log", "two\n");
            await PassAsync(first, rounds: 3);
            Assert.Equal(2, first.Positions.Count);
        }

        Compress("log.2.gz", "one\n");
        File.Delete(_folder["log.1"]);
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "three\n");
        _service.OnPut = _ => Task.FromResult(Answers.Ok());
        await using var second = Start(Plan("log"));
        await PassAsync(second, rounds: 20);

        Assert.Equal(["one", "two", "three"], second.Events.OrderBy(one => one.Stamp).Select(one => one.Message));
    }

    [Fact]
    public async Task AFileThatWaitsForItsTurnAtAStartAtTheEndLosesNothingThatIsWrittenMeanwhile()
    {
        _folder.Write("a.log", "old\n");
        _folder.Write("b.log", "old\n");
        await using var source = Start(Plan("*.log") with { TailsAll = true, StartsAtEnd = true }, mostOpenFiles: 1);
        source.Read();
        _folder.Append("a.log", "new a\n");
        _folder.Append("b.log", "new b\n");
        await PassAsync(source, rounds: 50, new HandleRelief(source.Handles, _time, source.Log));

        Assert.Equal(["new a", "new b"], source.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ALastLineThatIsDueBehindARefusedFileDoesNotSpinTheReader()
    {
        await using var source = Start(Plan("log") with { PartialLineTimeout = TimeSpan.FromMinutes(5) });
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "two\npart");
        await source.UntilAsync(() => source.Delivered.Count == 2);
        _gate = new();
        await FillWindowAsync(source, "log.1");
        _folder.Append("log.1", "late\n");
        await PassAsync(source, rounds: 40);
        source.Read();
        source.Read();

        Assert.DoesNotContain(source.Entry.Sources, one => one.Due <= TimeSpan.Zero);
    }

    [Fact]
    public async Task ALastLineWithoutEndIsTakenThoughItsHandleWasReleasedBeforeItsTime()
    {
        await using var source = Start(Plan("log") with { PartialLineTimeout = TimeSpan.FromMinutes(10) });
        _folder.Write("log", "one\npart");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        await PassAsync(source, rounds: 36);
        new HandleRelief(source.Handles, _time, source.Log).ReleaseIfIdle(Assert.Single(source.Entry.Sources));
        await PassAsync(source, rounds: 100);

        Assert.Equal(["one", "part"], source.Delivered);
    }

    // One line a batch until the sender takes no more.
    async Task FillWindowAsync(RunningSource source, string name)
    {
        for (var i = 0; i < 3; i++)
        {
            _folder.Append(name, $"fill {i}\n");
            await PassAsync(source, rounds: 2);
        }
    }

    // The reader's looks, ten seconds apart.
    static Task PassAsync(RunningSource source, int rounds, HandleRelief? relief = null) => source.UntilAsync(
        () =>
        {
            foreach (var one in source.Entry.Sources)
            {
                relief?.Note(one);
            }

            relief?.Relieve(source.Entry.Sources, _ => { });
            return rounds-- <= 0;
        },
        seconds: 10);

    void Compress(string name, string content)
    {
        using var packed = new GZipStream(File.Create(_folder[name]), CompressionLevel.Fastest);
        packed.Write(Encoding.UTF8.GetBytes(content));
    }

    EntryPlan Plan(string pattern) => RunningSource.PlanOf(_folder[pattern]);

    RunningSource Start(EntryPlan plan, int mostOpenFiles = 1000) =>
        new(plan, _folder["state"], _time, _service, mostOpenFiles: mostOpenFiles);
}
