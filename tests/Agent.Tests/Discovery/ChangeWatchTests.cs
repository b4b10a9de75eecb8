using Agent.Discovery;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>What happens in a watched folder is told by path.</summary>
public sealed class ChangeWatchTests : IDisposable
{
    static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    readonly TestFolder _folder = new();
    readonly ChangeWatch _watch = ChangeWatch.Create();

    public void Dispose()
    {
        _watch.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("create")]
    [InlineData("modify")]
    [InlineData("delete")]
    [InlineData("chmod")]
    [InlineData("truncate")]
    public void AChangeIsToldByThePathItHappenedTo(string change)
    {
        if (change != "create")
        {
            _folder.Write("log", "x");
        }

        Assert.True(_watch.TryWatch(_folder.Root, out _));
        switch (change)
        {
            case "create" or "modify":
                _folder.Append("log", "y");
                break;
            case "truncate":
                _folder.Write("log", "");
                break;
            case "delete":
                File.Delete(_folder["log"]);
                break;
            default:
                Programs.Run("chmod", "0600", _folder["log"]);
                break;
        }

        Assert.Equal([_folder["log"]], Waited());
    }

    [Fact]
    public void ARenameIsToldByBothItsPaths()
    {
        _folder.Write("log", "x");
        _watch.TryWatch(_folder.Root, out _);
        File.Move(_folder["log"], _folder["log.1"]);

        Assert.Equal([_folder["log"], _folder["log.1"]], Waited().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AChainOfRenamesTellsWhereEachFileIsNow()
    {
        _watch.TryWatch(_folder.Root, out _);
        _folder.Write("log", "first");
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "second");
        File.Move(_folder["log.1"], _folder["log.2"]);
        File.Move(_folder["log"], _folder["log.1"]);

        var left = Changes().WhereTheyWent().Where(one => one.From == _folder["log"]);
        Assert.Equal([_folder["log.2"], _folder["log.1"]], left.Select(one => one.Now));
    }

    [Fact]
    public void ChangesThatAreNotMindedNowAreToldLater()
    {
        _watch.TryWatch(_folder.Root, out _);
        _folder.Write("log", "x");
        var changes = new Changes();

        Assert.True(_watch.Wait(TimeSpan.Zero, minding: false, changes));
        Assert.Empty(changes.Paths);
        Assert.Equal([_folder["log"]], Waited());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnyThreadEndsTheWait(bool minding)
    {
        var waiting = Task.Run(() => _watch.Wait(TimeSpan.FromMinutes(5), minding, new()));
        _watch.Wake();

        Assert.True(await waiting.WaitAsync(Long, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void AWakeBeforeTheWaitEndsItAndOnlyIt()
    {
        _watch.Wake();
        _watch.Wake();

        Assert.True(_watch.Wait(TimeSpan.FromMinutes(5), minding: true, new()));
        var began = TimeProvider.System.GetTimestamp();
        _watch.Wait(TimeSpan.FromMilliseconds(50), minding: true, new());
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(45));
    }

    [Fact]
    public void AFolderThatGoesAwayMeansThatEverythingMustBeLookedAt()
    {
        Directory.CreateDirectory(_folder["logs"]);
        _watch.TryWatch(_folder["logs"], out _);
        Directory.Delete(_folder["logs"]);

        Assert.False(_watch.Wait(Long, minding: true, new()));
    }

    [Fact]
    public void AFolderThatCameBackIsWatchedAgain()
    {
        Directory.CreateDirectory(_folder["logs"]);
        _watch.TryWatch(_folder["logs"], out _);
        Directory.Delete(_folder["logs"]);
        _watch.Wait(Long, minding: true, new());
        Directory.CreateDirectory(_folder["logs"]);
        _watch.TryWatch(_folder["logs"], out _);
        _folder.Write("logs/log", "x");

        Assert.Equal([_folder["logs/log"]], Waited());
    }

    [Fact]
    public void WhatCannotBeWatchedSaysWhy()
    {
        _folder.Write("log", "x");

        Assert.False(_watch.TryWatch(_folder["absent"], out var absent));
        Assert.False(_watch.TryWatch(_folder["log"], out var file));
        Assert.Equal(("No such file or directory", "Not a directory"), (absent.Text, file.Text));
    }

    HashSet<string> Waited() => Changes().Paths;

    Changes Changes()
    {
        var changes = new Changes();
        Assert.True(_watch.Wait(Long, minding: true, changes));
        return changes;
    }
}
