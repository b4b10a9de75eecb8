using System.IO.Compression;
using Agent.Discovery;
using Agent.Tests.Support;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>What was rotated away while nobody looked is found, in plain and in compressed files, and once.</summary>
public sealed class PastTests : IDisposable
{
    readonly TestFolder _folder = new();
    // Long ago, so that every file came since.
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly ScriptedService _service = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFileThatCameAndWentWhileTheAgentWasDownIsReadBetweenTheOthers(bool isCompressed)
    {
        await RunOnceAsync("one\n");
        _folder.Append("log", "two\n");
        File.Move(_folder["log"], _folder["log.2"]);
        _folder.Write("log.1", "three\nfour\n");
        if (isCompressed)
        {
            Compress("log.1");
        }

        _folder.Write("log", "five\n");
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 4);

        Assert.Equal(["two", "three", "four", "five"], InOrder(second));
        Assert.Empty(second.Gaps);
    }

    [Fact]
    public async Task AFileThatIsGoneWithItsPathIsSaidToBe()
    {
        await RunOnceAsync("one\n");
        _folder.Append("log", "two\n");
        File.Delete(_folder["log"]);
        await using var second = Start();
        second.Read();

        var source = Assert.Single(second.Entry.Sources);
        Assert.True(source.IsHindered);
        Assert.Contains("recorded as a gap after 10 minutes", source.Trouble, StringComparison.Ordinal);
        await second.UntilAsync(() => second.Gaps.Count == 1, seconds: 60);
        second.Read();
        Assert.Equal("there is no such file yet", source.Trouble);
    }

    [Fact]
    public async Task AFileThatCameAndWentIsReadThoughAnotherIsLookedForFirst()
    {
        await RunOnceAsync("one\n");
        _folder.Append("log", "two\n");
        File.Move(_folder["log"], _folder["log.2"]);
        Compress("log.2");
        _folder.Write("log.1", "three\nfour\n");
        _folder.Write("log", "five\n");
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 4);

        Assert.Equal(["two", "three", "four", "five"], InOrder(second));
        Assert.Empty(second.Gaps);
    }

    [Fact]
    public async Task AFileThatCameAndWentIsReadThoughALogIsTruncatedThatSoonHasAnother()
    {
        await using var source = Start();
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        _folder.Append("log", "two\n");
        File.Copy(_folder["log"], _folder["log.2"]);
        Compress("log.2");
        _folder.Write("log", "3\n");
        File.Copy(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "");
        _folder.Write("log", "4\n");
        await source.UntilAsync(() => source.Delivered.Count == 4);

        Assert.Equal(["one", "two", "3", "4"], InOrder(source));
    }

    [Fact]
    public async Task ALogThatWasTruncatedTwiceBetweenTwoLooksIsReadInBothItsCopies()
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(10));
        _folder.Write("log", "one\n");
        await using var source = Start();
        await source.UntilAsync(() => source.Delivered.Count == 1);
        File.Copy(_folder["log"], _folder["log.2"]);
        _folder.Write("log", "two, which nobody saw\n");
        File.Copy(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "3\n");
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
        await source.UntilAsync(() => source.Delivered.Count == 3);

        Assert.Equal(["one", "two, which nobody saw", "3"], InOrder(source));
    }

    [Fact]
    public async Task AFileThatCameAndWentIsReadThoughTheClockWasFastWhenTheAgentLooked()
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        await RunOnceAsync("one\n");
        File.Move(_folder["log"], _folder["log.2"]);
        _folder.Write("log.1", "two\n");
        _folder.Write("log", "three\n");
        var right = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var second = new RunningSource(_folder["log"], _folder["state"], right, _service);
        await second.UntilAsync(() => second.Delivered.Count == 2);

        Assert.Equal(["two", "three"], second.Delivered.Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task AFileThatCameAndWentIsReadThoughTheClockWasPutBackWhileTheAgentRan()
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        _folder.Write("log", "one\n");
        await using (var first = Start())
        {
            await first.UntilAsync(() => first.Delivered.Count == 1);
            _time.AdjustTime(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(10));
            _folder.Append("log", "two\n");
            await first.UntilAsync(() => first.Delivered.Count == 2 && first.IsDrained);
        }

        File.Move(_folder["log"], _folder["log.2"]);
        _folder.Write("log.1", "three\n");
        _folder.Write("log", "four\n");
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2));
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 2);

        Assert.Contains("three", second.Delivered);
    }

    [Fact]
    public async Task AKillWhileACompressedCopyIsReadForgetsNoTruncation()
    {
        var isAway = false;
        _service.OnPut = _ => isAway ? new TaskCompletionSource<ServiceAnswer>().Task : Task.FromResult(Answers.Ok());
        await RunOnceAsync("one\n");
        _folder.Append("log", "two\n");
        File.Copy(_folder["log"], _folder["log.1"]);
        Compress("log.1");
        _folder.Write("log", "");
        isAway = true;
        await using (var killed = Start())
        {
            // Its row names the copy by then.
            await killed.UntilAsync(() => killed.Positions.Exists(
                row => row.Identity == PathLook.At(_folder["log.1.gz"]).Identity));
        }

        isAway = false;
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 1 && second.Gaps.Count == 1);

        Assert.Equal(["two"], second.Delivered);
        Assert.Equal((8, PathLook.At(_folder["log"]).Identity), (second.Gaps[0].FromBytes, second.Gaps[0].Identity));
    }

    [Fact]
    public async Task WhatIsDeliveredBetweenTwoLooksHidesNothingThatCameInBetween()
    {
        _folder.Write("log", "one\n");
        await using var source = Start();
        source.Read();
        var looked = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _time.Advance(TimeSpan.FromMinutes(1));
        source.Entry.Sources.Single().CloseDue();
        await Soon.IsAsync(() => source.Positions is [{ OffsetBytes: 4 }], _time, TimeSpan.FromSeconds(1));

        Assert.InRange(source.Positions[0].SeenAt, 1, looked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATruncationIsNoticedAfterAKillThoughNothingWasReadBefore(bool isCompressed)
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
        var isAway = true;
        _service.OnPut = _ => isAway ? new TaskCompletionSource<ServiceAnswer>().Task : Task.FromResult(Answers.Ok());
        await using (var first = Start())
        {
            foreach (var line in (string[])["a\n", "b\n", "c\n"])
            {
                // A batch each, until there is no room for another.
                _folder.Append("log", line);
                first.Read();
                _time.Advance(TimeSpan.FromSeconds(6));
                first.Read();
            }

            File.Move(_folder["log"], _folder["log.2"]);
            _folder.Write("log", "");
            first.Read();
            _folder.Append("log", "one\n");
            await first.UntilAsync(() => first.Positions is [_, { Head.LengthBytes: > 0 }]);
        }

        File.Copy(_folder["log"], _folder["log.1"]);
        if (isCompressed)
        {
            Compress("log.1");
        }

        _folder.Write("log", "2\n");
        isAway = false;
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 5);

        Assert.Equal(["a", "b", "c", "one", "2"], InOrder(second));
        await second.UntilAsync(() => second.Gaps.Count == 1);
        Assert.Equal(PathLook.At(_folder["log"]).Identity, second.Gaps[0].Identity);
    }

    [Fact]
    public async Task ARotatedFileOfBeforeTheFirstStartIsNotTouched()
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
        _folder.Write("log.1", "ancient\n");
        await RunOnceAsync("one\n");
        File.Move(_folder["log"], _folder["log.2"]);
        _folder.Write("log", "two\n");
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 1);
        await second.UntilAsync(() => second.IsDrained);

        Assert.Equal(["two"], second.Delivered);
    }

    [Fact]
    public async Task ARotatedFileThatWasCompressedMeanwhileIsReadOnAtItsDecodedOffset()
    {
        await RunOnceAsync("one\n");
        _folder.Append("log", "two\n");
        File.Move(_folder["log"], _folder["log.1"]);
        Compress("log.1");
        _folder.Write("log", "three\n");
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 2);

        Assert.Equal(["two", "three"], InOrder(second));
        Assert.Empty(second.Gaps);
    }

    [Fact]
    public async Task ACompressedFileThatWasReadToItsEndIsNotReadAgain()
    {
        await RunOnceAsync("one\n");
        File.Move(_folder["log"], _folder["log.1"]);
        Compress("log.1");
        _folder.Write("log", "two\n");
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 1 && second.IsDrained);

        Assert.Equal(["two"], second.Delivered);
        Assert.Empty(second.Gaps);
    }

    [Fact]
    public async Task ATruncatedFileGoesOnInItsCompressedCopy()
    {
        await using var source = Start();
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        _folder.Append("log", "two\n");
        File.Copy(_folder["log"], _folder["log.1"]);
        Compress("log.1");
        _folder.Write("log", "3\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);

        Assert.Equal(["one", "two", "3"], InOrder(source));
    }

    [Fact]
    public async Task AFileThatCannotBeDecompressedIsNamedByItsGap()
    {
        await RunOnceAsync("one\n");
        File.Move(_folder["log"], _folder["log.1.xz"]);
        _folder.Write("log.1.xz", "something else now");
        _folder.Write("log", "two\n");
        await using var second = Start();
        await second.UntilAsync(() => second.Gaps.Count > 0);

        Assert.Contains(_folder["log.1.xz"], second.Gaps[0].Reason, StringComparison.Ordinal);
    }

    async Task RunOnceAsync(string text)
    {
        _folder.Write("log", text);
        await using var first = Start();
        await first.UntilAsync(() => first.Delivered.Count == 1 && first.IsDrained);
        await first.StopAsync();
    }

    RunningSource Start() => new(_folder["log"], _folder["state"], _time, _service);

    void Compress(string name)
    {
        using (var compressed = new GZipStream(File.Create(_folder[name + ".gz"]), CompressionLevel.Fastest))
        {
            compressed.Write(File.ReadAllBytes(_folder[name]));
        }

        File.SetLastWriteTimeUtc(_folder[name + ".gz"], File.GetLastWriteTimeUtc(_folder[name]));
        File.Delete(_folder[name]);
    }

    static IEnumerable<string> InOrder(RunningSource source) =>
        source.Events.OrderBy(one => one.Stamp).Select(one => one.Message);
}
