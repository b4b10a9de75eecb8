using Agent.Batch;
using Agent.Filter;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>A stream that the service denies takes memory from nobody, and has lost nothing once it is allowed.
/// </summary>
public sealed class DeniedSourceTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly SegmentPool _memory = new(64, TimeProvider.System);
    readonly ScriptedService _service = new();
    bool _isDenied = true;

    public DeniedSourceTests() => _service.OnPut =
        _ => Task.FromResult(_isDenied ? Answers.Error("AccessDeniedException") : Answers.Ok());

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("AccessDeniedException")]
    [InlineData("ResourceNotFoundException")]
    public async Task WhatItReadGoesBackToTheFileAndIsDeliveredInOrderOnceItIsAllowed(string error)
    {
        _service.OnPut = _ => Task.FromResult(_isDenied ? Answers.Error(error) : Answers.Ok());
        _service.OnCall = _ => Task.FromResult(Answers.Error("AccessDeniedException"));
        var lines = Enumerable.Range(0, 40_000).Select(i => $"line {i} of a log that has a few megabytes of them, "
            + "so that several batches are filled").ToList();
        _folder.Write("log", string.Join('\n', lines) + "\n");
        await using var source = new RunningSource(_folder["log"], _folder["state"], _time, _service, _memory);

        await source.UntilAsync(() => _service.Sent.Count >= 2 && _memory.UsedBytes == 0);
        await source.UntilAsync(() => _service.Sent.Count >= 5 && _memory.UsedBytes == 0, seconds: 5);
        Assert.InRange(_service.Sent[^1].End.OffsetBytes - _service.Sent[^1].StartBytes, 1, 5000);
        Assert.Equal(0, source.Entry.Sources.Sum(one => one.Lives[0].Lane.DeliveredBytes));
        _isDenied = false;
        await source.UntilAsync(() => source.IsDrained && source.Delivered.Count >= lines.Count, seconds: 5);

        Assert.Equal(lines, source.Events.OrderBy(one => one.Stamp).Select(one => one.Message));
        Assert.Empty(source.Gaps);
    }

    /// <summary>Where most lines are dropped, a trial must not read the file on and on for want of a wanted
    /// one.</summary>
    [Fact]
    public async Task ATrialReadsLittleThoughFewLinesAreWanted()
    {
        var lines = Enumerable.Range(0, 200_000).Select(
            i => i is 0 or 199_999 ? $"wanted {i}" : $"dropped {i}, at length");
        _folder.Write("log", string.Join('\n', lines) + "\n");
        var plan = RunningSource.PlanOf(_folder["log"]) with
        {
            Filters = [new FilterRule(IsInclude: true, "wanted", Some.Pattern("wanted"))]
        };
        await using var source = new RunningSource(plan, _folder["state"], _time, _service, _memory);
        await source.UntilAsync(() => _service.Sent.Count >= 3, seconds: 5);

        var trial = _service.Sent[^1];
        Assert.InRange(trial.End.OffsetBytes, 1, 1 << 20);
        _isDenied = false;
        await source.UntilAsync(() => source.IsDrained && source.Delivered.Count == 2, seconds: 5);
        Assert.Equal(["wanted 0", "wanted 199999"], source.Delivered);
    }

    [Fact]
    public async Task AFileThatWasClosedMeanwhileIsOpenedToGiveBackWhatWasReadOfIt()
    {
        await using var source = StartWithTwoLinesOnTheirWay();
        var one = Assert.Single(source.Entry.Sources);
        Assert.True(one.TryRelease(one.Lives[0]));
        Assert.NotEqual(0, _memory.UsedBytes);

        await source.UntilAsync(() => _memory.UsedBytes == 0);
    }

    [Fact]
    public async Task WhatATruncationDestroyedIsNotGoneBackTo()
    {
        await using var source = StartWithTwoLinesOnTheirWay();
        _folder.Write("log", "");
        await Soon.IsAsync(() => _service.Sent.Count > 0);
        await source.UntilAsync(() => _service.Sent.Count >= 3, seconds: 5);

        _isDenied = false;
        await source.UntilAsync(() => source.Delivered.Count == 2, seconds: 5);

        Assert.Equal(["one", "two"], source.Delivered);
    }

    /// <summary>A position has the names as configured; whoever replays a letter must not make a stream called
    /// {hostname}.</summary>
    [Fact]
    public async Task WhatIsRefusedForGoodIsKeptUnderTheNamesThatItWasSentTo()
    {
        _service.OnPut = _ => Task.FromResult(Answers.Ok(
            """{"nextSequenceToken":"1","rejectedLogEventsInfo":{"expiredLogEventEndIndex":1}}"""));
        _folder.Write("log", "one\n");
        var plan = RunningSource.PlanOf(_folder["log"]) with { NamesOf = _ => ("group", "{hostname}") };
        await using var source = new RunningSource(plan, _folder["state"], _time, _service, _memory);
        await source.UntilAsync(() => source.Gaps.Count > 0);

        Assert.Equal(("group", "stream"), (source.Gaps[0].LogGroup, source.Gaps[0].LogStream));
    }

    RunningSource StartWithTwoLinesOnTheirWay()
    {
        _folder.Write("log", "one\ntwo\n");
        var source = new RunningSource(_folder["log"], _folder["state"], _time, _service, _memory);
        source.Read();
        _time.Advance(TimeSpan.FromSeconds(6));
        source.Read();
        return source;
    }
}
