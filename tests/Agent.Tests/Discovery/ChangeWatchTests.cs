using System.Globalization;
using Agent.Discovery;
using Agent.Native;
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
    public void AFolderThatIsNotWatchedAnyMoreTellsNothing()
    {
        Directory.CreateDirectory(_folder["logs"]);
        _watch.TryWatch(_folder["logs"], out _);
        _watch.TryWatch(_folder.Root, out _);
        Assert.True(IsWatchedByTheKernel(_folder["logs"]));
        _watch.Unwatch(_folder["logs"]);
        _watch.Unwatch(_folder["never"]);
        Assert.False(IsWatchedByTheKernel(_folder["logs"]));
        _folder.Write("logs/log", "x");
        _folder.Write("log", "x");

        Assert.Equal([_folder["log"]], Waited());
    }

    [Fact]
    public void AFolderOfTwoNamesIsWatchedUntilBothAreGivenUp()
    {
        Directory.CreateDirectory(_folder["logs"]);
        File.CreateSymbolicLink(_folder["link"], _folder["logs"]);
        _watch.TryWatch(_folder["logs"], out _);
        _watch.TryWatch(_folder["link"], out _);
        _folder.Write("logs/log", "x");
        Waited();
        _watch.Unwatch(_folder["link"]);
        _folder.Write("logs/log", "y");

        Assert.Equal([_folder["logs/log"]], Waited());
    }

    [Fact]
    public void AFolderThatWasMovedAwayIsNotTakenForTheOneInItsPlace()
    {
        Directory.CreateDirectory(_folder["logs"]);
        _watch.TryWatch(_folder["logs"], out _);
        Directory.Move(_folder["logs"], _folder["logs.old"]);
        Assert.False(_watch.Wait(Long, minding: true, new()));
        Directory.CreateDirectory(_folder["logs"]);
        _watch.TryWatch(_folder["logs"], out _);
        _folder.Write("logs.old/old", "x");
        _folder.Write("logs/new", "x");

        Assert.Equal([_folder["logs/new"]], Waited());
    }

    [Fact]
    public void OnlyWhatCameToBeHasArrived()
    {
        _folder.Write("old", "x");
        _folder.Write("moved", "x");
        _folder.Write("gone", "x");
        _watch.TryWatch(_folder.Root, out _);
        _folder.Write("new", "x");
        _folder.Append("old", "x");
        File.Move(_folder["moved"], _folder["here"]);
        File.Delete(_folder["gone"]);

        var changes = Changes();

        Assert.Equal([_folder["here"], _folder["new"]], changes.Arrived.Order(StringComparer.Ordinal));
        Assert.False(changes.HasFolderChanges);
    }

    [Theory]
    [InlineData("mkdir", "made")]
    [InlineData("rmdir", "sub")]
    [InlineData("mv", "sub", "moved")]
    [InlineData("chmod 0711", "sub")]
    public void AChangedFolderIsTold(string command, params string[] names)
    {
        Directory.CreateDirectory(_folder["sub"]);
        _watch.TryWatch(_folder.Root, out _);
        string[] words = [.. command.Split(' '), .. names.Select(name => _folder[name])];
        Programs.Run(words[0], words[1..]);

        Assert.True(Changes().HasFolderChanges);
    }

    /// <summary>The kernel keeps only so many changes, and says no more than that there were others.</summary>
    [Fact]
    public void MoreChangesThanTheKernelKeepsMeanThatEverythingMustBeLookedAt()
    {
        var kept = int.Parse(
            File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), CultureInfo.InvariantCulture);
        Assert.SkipWhen(kept > 200_000, "it would take too long here");
        _watch.TryWatch(_folder.Root, out _);
        for (var i = 0; i <= kept / 2; i++)
        {
            File.WriteAllBytes(_folder["log"], []);
            File.Delete(_folder["log"]);
        }

        var changes = new Changes();

        Assert.False(_watch.Wait(Long, minding: true, changes));
        Assert.Equal([_folder["log"]], changes.Paths);
        _folder.Write("next", "x");
        Assert.Equal([_folder["next"]], Waited());
    }

    [Fact]
    public void WhatCannotBeWatchedSaysWhy()
    {
        _folder.Write("log", "x");

        Assert.False(_watch.TryWatch(_folder["absent"], out var absent));
        Assert.False(_watch.TryWatch(_folder["log"], out var file));
        Assert.Equal(("No such file or directory", "Not a directory"), (absent.Text, file.Text));
        Assert.Null(_watch.Fault);
    }

    [Fact]
    public void UsedUpWatchesAreSaidWithTheRemedy() =>
        Assert.Equal("no more folders may be watched; raise /proc/sys/fs/inotify/max_user_watches",
            Inotify.Refusal(Libc.NoSpace).Text);

    static bool IsWatchedByTheKernel(string folder)
    {
        FileFacts.TryOf(folder, out var facts, out _);
        var inode = $" ino:{facts.Inode:x} ";
        return Directory.EnumerateFiles("/proc/self/fdinfo").Any(file => Lines(file).Any(
            line => line.StartsWith("inotify ", StringComparison.Ordinal)
                && line.Contains(inode, StringComparison.Ordinal)));
    }

    // Other tests close their files meanwhile.
    static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return [];
        }
    }

    HashSet<string> Waited() => Changes().Paths;

    Changes Changes()
    {
        var changes = new Changes();
        Assert.True(_watch.Wait(Long, minding: true, changes));
        return changes;
    }
}
