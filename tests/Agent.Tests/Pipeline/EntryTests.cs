using Agent.Pipeline;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Which of the files that a pattern matches are read, and each of them once.</summary>
public sealed class EntryTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    readonly ScriptedService _service = new();

    EntryPlan All => RunningSource.PlanOf(_folder["log*"]) with { TailsAll = true };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OfSeveralMatchesOnlyTheNewestIsBegunAndTheOthersAreNamed()
    {
        Write("log-a", "old\n", hoursAgo: 2);
        Write("log-b", "new\n", hoursAgo: 1);
        await using var source = Start(RunningSource.PlanOf(_folder["log*"]));
        await source.UntilAsync(() => source.Delivered.Count == 1);

        Assert.Equal(["new"], source.Delivered);
        Assert.Contains("only the newest", source.Entry.Skipped[_folder["log-a"]], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasBegunIsReadOnThoughANewerFileMatches()
    {
        Write("log-a", "one\n", hoursAgo: 2);
        await using var source = Start(RunningSource.PlanOf(_folder["log*"]));
        await source.UntilAsync(() => source.Delivered.Count == 1);
        Write("log-b", "two\n", hoursAgo: 0);
        _folder.Append("log-a", "three\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);
    }

    [Fact]
    public async Task ARotatedNameThatMatchesTooIsNoNewFileAlsoAfterARestart()
    {
        _folder.Write("log", "one\n");
        await using (var first = Start(All))
        {
            await first.UntilAsync(() => first.Delivered.Count == 1);
            File.Move(_folder["log"], _folder["log.1"]);
            _folder.Write("log", "two\n");
            await first.UntilAsync(() => first.Delivered.Count == 2);
            await first.UntilAsync(() => first.Positions.Exists(row => row.IsFinished), seconds: 60);
        }

        await using var second = Start(All);
        _folder.Append("log", "three\n");
        await second.UntilAsync(() => second.Delivered.Count > 0);
        Assert.Equal(["three"], second.Delivered);
    }

    [Fact]
    public async Task TheCopyThatCopytruncateMakesIsNotReadAsAFileOfItsOwn()
    {
        _folder.Write("log", "one\ntwo\n");
        await using var source = Start(All);
        await source.UntilAsync(() => source.Delivered.Count == 2);
        File.Copy(_folder["log"], _folder["log.1"]);
        source.Read();
        _folder.Write("log", "3\n");
        await source.UntilAsync(() => source.Delivered.Count == 3);
        await source.UntilAsync(() => source.IsDrained, seconds: 60);

        Assert.Equal(["3", "one", "two"], source.Delivered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TwoLinksToOneFileMakeOneReader()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        _folder.Write("elsewhere/app", "one\n");
        File.CreateSymbolicLink(_folder["log-a"], _folder["elsewhere/app"]);
        File.CreateSymbolicLink(_folder["log-b"], _folder["elsewhere/app"]);
        await using var source = Start(All);
        await source.UntilAsync(() => source.Delivered.Count > 0 && source.IsDrained);

        Assert.Equal(["one"], source.Delivered);
        Assert.Contains(source.Entry.Sources, one => one.Trouble.EndsWith("log-a already", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ALinkThatIsLedElsewhereIsFollowedThereOnceTheOldFileIsRead()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        _folder.Write("elsewhere/1", "one\n");
        _folder.Write("elsewhere/2", "three\n");
        File.CreateSymbolicLink(_folder["log"], _folder["elsewhere/1"]);
        await using var source = Start(RunningSource.PlanOf(_folder["log"]));
        await source.UntilAsync(() => source.Delivered.Count == 1);
        _folder.Append("elsewhere/1", "two\n");
        File.Delete(_folder["log"]);
        File.CreateSymbolicLink(_folder["log"], _folder["elsewhere/2"]);
        await source.UntilAsync(() => source.Delivered.Count == 3);

        Assert.Equal(["one", "two", "three"], source.Events.OrderBy(one => one.Stamp).Select(one => one.Message));
    }

    [Fact]
    public async Task AFileThatIsTooOldIsLeftAloneUntilItIsWrittenTo()
    {
        Write("log", "one\n", hoursAgo: 48);
        await using var source = Start(All with { IgnoreOlder = TimeSpan.FromHours(24) });
        source.Read();
        Assert.Contains("ignore_older", source.Entry.Skipped[_folder["log"]], StringComparison.Ordinal);
        _folder.Append("log", "two\n");
        await source.UntilAsync(() => source.Delivered.Count == 2);
    }

    [Fact]
    public async Task AFileThatIsDeliveredIsDeletedOnceANewerOneMatches()
    {
        Write("log-a", "one\n", hoursAgo: 2);
        await using var source = Start(RunningSource.PlanOf(_folder["log*"]) with { RemovesFiles = true });
        await source.UntilAsync(() => source.Delivered.Count == 1);
        Assert.True(File.Exists(_folder["log-a"]));
        Write("log-b", "two\n", hoursAgo: 0);
        await source.UntilAsync(() => !File.Exists(_folder["log-a"]), seconds: 5);

        Assert.True(File.Exists(_folder["log-b"]));
    }

    RunningSource Start(EntryPlan plan) => new(plan, _folder["state"], _time, _service);

    void Write(string name, string text, int hoursAgo)
    {
        _folder.Write(name, text);
        File.SetLastWriteTimeUtc(_folder[name], _time.GetUtcNow().UtcDateTime.AddHours(-hoursAgo));
    }
}
