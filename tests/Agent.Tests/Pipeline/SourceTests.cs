using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>One configured file through its lives: every line once, in order, and what cannot be had recorded.
/// </summary>
public sealed class SourceTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly ScriptedService _service = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ALineIsStampedByTheServicesTimeHoweverWrongTheHostsClockIs()
    {
        var serviceTime = new FakeTimeProvider(_time.GetUtcNow() - TimeSpan.FromHours(3));
        _folder.Write("log", "one\n");
        await using var source = new RunningSource(
            RunningSource.PlanOf(_folder["log"]), _folder["state"], _time, _service, serviceTime: serviceTime);
        await source.UntilAsync(() => source.Delivered.Count == 1);

        Assert.Equal(serviceTime.GetUtcNow().ToUnixTimeMilliseconds(), Assert.Single(source.Events).Stamp);
    }

    [Fact]
    public async Task ALineThatWasHeldBackWaitsInAllNoLongerThanItsBatchMay()
    {
        var plan = RunningSource.PlanOf(_folder["log"]) with { EventTimeout = TimeSpan.FromSeconds(4) };
        _folder.Write("log", "one\n");
        await using var source = new RunningSource(plan, _folder["state"], _time, _service);
        var began = _time.GetUtcNow();
        await source.UntilAsync(() => source.Delivered.Count == 1);

        Assert.InRange(_time.GetUtcNow() - began, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task LinesAreDeliveredInOrderAndCommittedToTheByte()
    {
        await using var source = Start();
        _folder.Write("log", "one\r\n\ntwo\nthr");
        await source.UntilAsync(() => source.Delivered.Count == 2);
        _folder.Append("log", "ee\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);
        await source.StopAsync();

        Assert.Equal(["one", "two", "three"], source.Delivered);
        Assert.Equal(16, Assert.Single(source.Positions).OffsetBytes);
    }

    [Fact]
    public async Task AFileThatWasQuietForHoursBeforeItsRotationIsReadOnAfterIt()
    {
        await using var source = Start();
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        _time.Advance(TimeSpan.FromHours(3));
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "");
        source.Read();

        // Its writer has not been told to reopen it yet.
        _folder.Append("log.1", "late\n");
        await source.UntilAsync(() => source.Delivered.Contains("late"));
    }

    [Fact]
    public async Task WhatWasReadButNeverDeliveredIsFoundInACopyMadeWhileTheAgentWasDown()
    {
        _service.OnPut = _ => Task.FromResult(Answers.Error("ServiceUnavailableException", 503));
        await using (var first = Start())
        {
            _folder.Write("log", "");
            first.Read();
            _folder.Append("log", "one\ntwo\n");
            first.Read();
            await first.StopAsync();
        }

        File.Copy(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "three\n");
        _service.OnPut = _ => Task.FromResult(Answers.Ok());
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 3);

        Assert.Equal(["one", "three", "two"], second.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AFileOfBlankLinesIsCommittedAndNothingIsSent()
    {
        await using var source = Start();
        _folder.Write("log", "\n\r\n\n");
        await source.UntilAsync(() => source.Positions is [{ OffsetBytes: 4 }]);

        Assert.Empty(_service.Sent);
        Assert.True(source.IsDrained);
    }

    [Fact]
    public async Task BadBytesAreReplacedAndTheBatchIsTaken()
    {
        await using var source = Start();
        _folder.Write("log", [(byte)'a', 0xFF, 0xC3, (byte)'\n', (byte)'b', (byte)'\n']);
        await source.UntilAsync(() => source.Delivered.Count == 2);

        Assert.Equal(["a\uFFFD\uFFFD", "b"], source.Delivered);
    }

    [Fact]
    public async Task ALineLongerThanAnEventArrivesInPiecesAndWhole()
    {
        await using var source = Start();
        var line = new string('x', 3_000_000);
        _folder.Write("log", line + "\nend\n");
        await source.UntilAsync(() => source.IsDrained && source.Delivered.Contains("end"));

        // Several batches are on their way at once: the service shows them by their stamps.
        var messages = source.Events.OrderBy(one => one.Stamp).Select(one => one.Message).ToList();
        Assert.Equal(line, string.Concat(messages[..^1]));
    }

    [Fact]
    public async Task WhatWasNotTakenBeforeAStopIsReadAgainAndNothingElse()
    {
        await using (var first = Start())
        {
            _folder.Write("log", "one\n");
            await first.UntilAsync(() => first.Delivered.Count == 1);
            _service.OnPut = _ => Task.FromResult(Answers.Error("ThrottlingException"));
            _folder.Append("log", "two\n");
            await first.UntilAsync(() => _service.Sent.Count == 2);
        }

        _service.OnPut = _ => Task.FromResult(Answers.Ok());
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count > 0);
        Assert.Equal(["two"], second.Delivered);
    }

    [Fact]
    public async Task ARestartAloneMovesNoPosition()
    {
        await using (var first = Start())
        {
            _folder.Write("log", "one\n");
            await first.UntilAsync(() => first.Positions is [{ OffsetBytes: 4 }]);
        }

        await using var second = Start();
        second.Read();
        await second.StopAsync();
        Assert.Equal(4, Assert.Single(second.Positions).OffsetBytes);
    }

    [Fact]
    public async Task ARenamedFileIsReadToItsEndBeforeTheNewOne()
    {
        await using var source = Start();
        _folder.Write("log", "one\n");
        source.Read();
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Append("log.1", "two\n");
        _folder.Write("log", "three\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);
        _folder.Append("log.1", "late\n");
        await source.UntilAsync(() => source.Delivered.Count == 4);

        Assert.Equal(["late", "one", "three", "two"], source.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ARotationWhileTheAgentWasDownLosesNothing()
    {
        await using (var first = Start())
        {
            _folder.Write("log", "one\n");
            await first.UntilAsync(() => first.Delivered.Count == 1);
        }

        _folder.Append("log", "two\n");
        File.Move(_folder["log"], _folder["log-20260203"]);
        _folder.Write("log", "three\n");
        await using var second = Start();
        await second.UntilAsync(() => second.Delivered.Count == 2);

        Assert.Equal(["three", "two"], second.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ACopiedAndTruncatedFileGoesOnInItsCopy()
    {
        await using var source = Start();
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        _folder.Append("log", "two\n");
        File.Copy(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "3\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);

        Assert.Equal(["3", "one", "two"], source.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ATruncationWithoutACopyIsRecordedWithWhatIsKnownOfIt()
    {
        await using var source = Start();
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        _folder.Write("log", "new\n2\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);

        Assert.Contains(source.Log.Lines,
            line => line.Contains("after byte 4, if anything, will never be delivered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMissingFileIsSaidOnceAndReadFromItsBeginningOnceItIsThere()
    {
        await using var source = Start();
        for (var i = 0; i < 5; i++)
        {
            source.Read();
        }

        Assert.Equal(
            $"Information: {_folder["log"]}: not read as long as there is no such file yet",
            Assert.Single(source.Log.Lines));
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);
    }

    [Fact]
    public async Task ADeletedFileIsLetGoAsSoonAsNobodyCanWriteToItAnyMore()
    {
        _folder.Write("log", "one\n");
        await using var source = Start();
        await source.UntilAsync(() => source.Delivered.Count == 1);
        var read = Assert.Single(source.Entry.Sources);
        using (var writer = new FileStream(_folder["log"], FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            File.Delete(_folder["log"]);
            source.Read();
            source.Read();
            Assert.Single(read.Lives);
            writer.Write("late\n"u8);
        }

        source.Read();
        await source.UntilAsync(() => source.Delivered.Count == 2);
        await Soon.IsAsync(() =>
        {
            source.Read();
            return read.Lives.Count == 0;
        });

        Assert.Equal(["one", "late"], source.Delivered);
    }

    [Fact]
    public async Task AnEventThatATruncationCutOffWhileItWasHeldDoesNotHoldWhatFollowsIt()
    {
        var plan = RunningSource.PlanOf(_folder["log"]) with { EventTimeout = TimeSpan.FromSeconds(5) };
        _folder.Write("log", "one\n");
        await using var source = new RunningSource(plan, _folder["state"], _time, _service);
        source.Read();
        Assert.Empty(source.Delivered);
        _folder.Write("log", "2\n3\n");
        await Soon.IsAsync(
            () =>
            {
                source.Read();
                return source.Delivered.Count == 2;
            },
            _time, TimeSpan.FromSeconds(1));

        Assert.Equal(["2", "3"], source.Delivered);
        await source.UntilAsync(() => source.Gaps.Count == 1);
        Assert.Equal((0, 4), (source.Gaps[0].FromBytes, source.Gaps[0].ToBytes));
    }

    RunningSource Start() => new(_folder["log"], _folder["state"], _time, _service);
}
