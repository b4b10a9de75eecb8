using Agent.Pipeline;
using Agent.Status;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>What the status shows is what happened.</summary>
public sealed class SnapshotTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly ScriptedService _service = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatWasDeliveredAndWhatWasDroppedIsCounted()
    {
        var plan = RunningSource.PlanOf(_folder["log*"]) with
        {
            TailsAll = true,
            Filters = [new(IsInclude: false, "d.b", Some.Pattern("d.b"))]
        };
        _folder.Write("log", "one\ndeb\ntwo\n");
        await using var source = Start(plan);
        await source.UntilAsync(() => source.Delivered.Count == 2 && source.IsDrained);

        var snapshot = Snapshot.Of([source.Entry], source.Time);
        var file = Assert.Single(Assert.Single(snapshot.Sources).Files);
        Assert.Equal((12, 12, 12, 0), (file.SizeBytes, file.ReadBytes, file.DeliveredBytes, file.BehindBytes));
        Assert.Equal((2, 1), (file.Delivery!.Events, file.Delivery.Batches));
        Assert.Equal(new(_folder["log*"], "exclude", "d.b", 1), Assert.Single(snapshot.Filters));
        Assert.Equal(3, snapshot.Sources[0].Counts!.Events);
        Assert.Empty(snapshot.Problems);
    }

    [Fact]
    public async Task AFileThatIsNotReadByChoiceIsListedWithTheReason()
    {
        _folder.Write("log.old", "one\n");
        File.SetLastWriteTimeUtc(_folder["log.old"], DateTime.UnixEpoch);
        _folder.Write("log", "two\n");
        await using var source = Start(RunningSource.PlanOf(_folder["log*"]));
        await source.UntilAsync(() => source.Delivered.Count == 1);

        var skipped = Assert.Single(Snapshot.Of([source.Entry], source.Time).Skipped);
        Assert.Equal(_folder["log.old"], skipped.Path);
        Assert.Contains("vigil.tail_all", skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceThatRefusesIsAProblemUntilItTakesAgain()
    {
        var isWell = false;
        _service.OnPut = _ => Task.FromResult(isWell ? Answers.Ok() : Answers.Error("AccessDeniedException"));
        _folder.Write("log", "one\n");
        await using var source = Start(RunningSource.PlanOf(_folder["log"]));
        await source.UntilAsync(() => Snapshot.Of([source.Entry], source.Time).Problems.Count == 1);
        var problem = Snapshot.Of([source.Entry], source.Time).Problems[0];
        var file = Snapshot.Of([source.Entry], source.Time).Sources[0].Files[0];
        isWell = true;
        await source.UntilAsync(() => Snapshot.Of([source.Entry], source.Time).Problems.Count == 0);

        Assert.Equal(
            "cannot deliver: permission: AccessDeniedException: because (vigil iam-policy prints the policy that is "
            + "needed)", problem.What);
        Assert.Equal("permission", problem.Cause);
        Assert.True(file.BehindSeconds >= 0);
        Assert.Equal((4, 0), (file.BehindBytes, file.DeliveredBytes));
    }

    [Fact]
    public async Task AFileThatIsNotThereYetIsNoProblem()
    {
        await using var source = Start(RunningSource.PlanOf(_folder["log"]));
        source.Read();

        var snapshot = Snapshot.Of([source.Entry], source.Time);
        Assert.Equal("there is no such file yet", Assert.Single(snapshot.Sources).Trouble);
        Assert.Empty(snapshot.Problems);
    }

    [Fact]
    public async Task AFileThatCannotBeReadIsAProblemUntilItIsRead()
    {
        Directory.CreateDirectory(_folder["log"]);
        await using var source = Start(RunningSource.PlanOf(_folder["log"]));
        source.Read();
        var before = Snapshot.Of([source.Entry], source.Time).Problems;
        Directory.Delete(_folder["log"]);
        _folder.Write("log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);

        Assert.Equal(_folder["log"], Assert.Single(before).Where);
        Assert.Empty(Snapshot.Of([source.Entry], source.Time).Problems);
    }

    [Fact]
    public async Task AProblemOfThePathIsOverOnceTheFileThatIsReadIsBackAtIt()
    {
        _folder.Write("log", "one\n");
        await using var source = Start(RunningSource.PlanOf(_folder["log"]));
        await source.UntilAsync(() => source.Delivered.Count == 1);
        File.Move(_folder["log"], _folder["log.1"]);
        Directory.CreateDirectory(_folder["log"]);
        source.Read();
        var before = Snapshot.Of([source.Entry], source.Time).Problems;
        Directory.Delete(_folder["log"]);
        File.Move(_folder["log.1"], _folder["log"]);
        source.Read();

        Assert.Equal(_folder["log"], Assert.Single(before).Where);
        Assert.Empty(Snapshot.Of([source.Entry], source.Time).Problems);
    }

    [Fact]
    public async Task AFolderThatCannotBeListedIsAProblemUntilItCan()
    {
        File.CreateSymbolicLink(_folder["ring"], _folder["ring"]);
        await using var source = Start(RunningSource.PlanOf(_folder["ring/*.log"]));
        source.Read();
        var before = Snapshot.Of([source.Entry], source.Time).Problems;
        File.Delete(_folder["ring"]);
        Directory.CreateDirectory(_folder["ring"]);
        _folder.Write("ring/a.log", "one\n");
        await source.UntilAsync(() => source.Delivered.Count == 1);

        Assert.Equal(_folder["ring"], Assert.Single(before).Where);
        Assert.Empty(Snapshot.Of([source.Entry], source.Time).Problems);
    }

    [Fact]
    public async Task LinesThatWaitForMinutesAreAProblemThoughNobodyKnowsWhy()
    {
        var answer = new TaskCompletionSource();
        _service.OnPut = async _ =>
        {
            await answer.Task;
            return Answers.Ok();
        };
        _folder.Write("log", "one\n");
        await using var source = Start(RunningSource.PlanOf(_folder["log"]));
        await source.UntilAsync(() => _service.Sent.Count == 1);
        var before = Snapshot.Of([source.Entry], source.Time).Problems;
        _time.Advance(TimeSpan.FromMinutes(6));
        source.Read();
        var late = Snapshot.Of([source.Entry], source.Time).Problems;
        answer.SetResult();
        await source.UntilAsync(() => source.Delivered.Count == 1 && source.IsDrained);

        Assert.Empty(before);
        Assert.Equal(
            new Problem(_folder["log"], "lines wait, and none was read or delivered for 5 minutes") { Cause = "file" },
            Assert.Single(late));
        Assert.Single(source.Log.Lines, line => line.Contains("lines wait", StringComparison.Ordinal));
        Assert.Empty(Snapshot.Of([source.Entry], source.Time).Problems);
    }

    [Fact]
    public async Task ALastLineThatWaitsForItsEndIsNoStandstillNorAreLinesAfterAQuietTime()
    {
        _folder.Write("log", "one\ntw");
        await using var source = Start(RunningSource.PlanOf(_folder["log"]));
        await source.UntilAsync(() => source.Delivered.Count == 1 && source.IsDrained);
        _time.Advance(TimeSpan.FromMinutes(6));
        source.Read();
        _folder.Append("log", "o\n");
        source.Entry.Sources.Single().Follow();

        Assert.Empty(Snapshot.Of([source.Entry], source.Time).Problems);
        source.Read();
        Assert.Empty(Snapshot.Of([source.Entry], source.Time).Problems);
    }

    RunningSource Start(EntryPlan plan) => new(plan, _folder["state"], _time, _service);
}
