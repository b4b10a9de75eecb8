using Agent.Discovery;
using Agent.Native;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>What lies beside a log: listed once, and never from memory once the folder changed.</summary>
public sealed class NeighbourhoodTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new();
    readonly Neighbourhood _neighbourhood;

    public NeighbourhoodTests() => _neighbourhood = new(_time);

    public void Dispose()
    {
        Programs.Run("rm", "-rf", _folder.Root);
        Directory.CreateDirectory(_folder.Root);
        _folder.Dispose();
    }

    [Fact]
    public void TheFilesBesideALogAreTheOtherRegularFilesOfItsFolderTheLongestFirst()
    {
        var path = _folder.Write("log", "x");
        _folder.Write("log.1", "xx");
        _folder.Write(".hidden", "xxx");
        Directory.CreateDirectory(_folder["folder"]);
        Programs.MakePipe(_folder["pipe"]);
        File.CreateSymbolicLink(_folder["dangling"], _folder["absent"]);
        FileFacts.TryOf(_folder["log.1"], out var facts, out _);

        var siblings = _neighbourhood.Of(path);

        Assert.Equal([_folder[".hidden"], _folder["log.1"]], siblings.LongestFirst.Select(one => one.Path));
        Assert.Contains(new(_folder["log.1"], facts), siblings.LongestFirst);
        Assert.Equal([new(_folder["log.1"], facts)], siblings.WithInode(facts.Inode));
        Assert.Equal(default, siblings.Fault);
    }

    [Fact]
    public void ALinkedLogHasTheFilesBesideItsTargetToo()
    {
        Directory.CreateDirectory(_folder["real"]);
        _folder.Write("real/log", "x");
        _folder.Write("real/log.1", "xxx");
        _folder.Write("other", "xx");
        File.CreateSymbolicLink(_folder["log"], _folder["real/log"]);

        Assert.Equal([_folder["real/log.1"], _folder["other"], _folder["real/log"]],
            _neighbourhood.Of(_folder["log"]).LongestFirst.Select(one => one.Path));
    }

    [Fact]
    public void AFolderThatDoesNotExistHoldsNothingAndThatIsCertain()
    {
        var siblings = _neighbourhood.Of(_folder["absent/log"]);

        Assert.Empty(siblings.LongestFirst);
        Assert.Equal(default, siblings.Fault);
    }

    [Fact]
    public void AFolderThatCannotBeListedIsNotTakenForAnEmptyOne()
    {
        File.CreateSymbolicLink(_folder["loop"], _folder["loop"]);

        Assert.Equal("Too many levels of symbolic links", _neighbourhood.Of(_folder["loop/log"]).Fault.Text);
    }

    /// <summary>Else whoever may make a file there could have a lost log waited for without end.</summary>
    [Fact]
    public void ANameThatCanBeNoRotatedLogCausesNoDoubt()
    {
        File.CreateSymbolicLink(_folder["loop"], _folder["loop"]);
        Programs.Run("sh", "-c", "touch \"$1/$(printf 'bad\\377.log')\"", "sh", _folder.Root);

        Assert.Equal(default, _neighbourhood.Of(_folder["log"]).Fault);
    }

    [Fact]
    public void AFolderIsListedOnceForAllTheFilesInIt()
    {
        _folder.Write("log", "x");
        SettleFolder();

        Assert.Same(Listed("a"), Listed("b"));
    }

    [Fact]
    public void AChangedFolderIsListedAgain()
    {
        _folder.Write("log", "x");
        SettleFolder();
        var before = Listed("a");
        _folder.Write("copy", "xx");

        Assert.Equal(_folder["copy"], Listed("a").Path);
        Assert.NotSame(before, _neighbourhood.Of(_folder["a"]).LongestFirst.Last());
    }

    [Theory]
    [InlineData("2026-11-22T10:00:00.5Z", 0.010, false)]
    [InlineData("2026-11-22T10:00:00.5Z", 0.030, true)]
    [InlineData("2026-11-22T10:00:00Z", 1.5, false)]
    [InlineData("2026-11-22T10:00:00Z", 2.5, true)]
    public void AListingFromTheMomentOfAChangeIsNotKept(string changed, double secondsLater, bool isKept)
    {
        _folder.Write("log", "x");
        Programs.Run("touch", "-d", changed, _folder.Root);
        FileFacts.TryOf(_folder.Root, out var facts, out _);
        _time.SetUtcNow(facts.Modified.AddSeconds(secondsLater));

        Assert.Equal(isKept, ReferenceEquals(Listed("a"), Listed("a")));
    }

    [Fact]
    public void WhatIsForgottenIsListedAgain()
    {
        _folder.Write("log", "x");
        SettleFolder();
        var before = Listed("a");
        _neighbourhood.Forget();

        Assert.NotSame(before, Listed("a"));
    }

    Sibling Listed(string name) => _neighbourhood.Of(_folder[name]).LongestFirst.First();

    void SettleFolder()
    {
        FileFacts.TryOf(_folder.Root, out var facts, out _);
        _time.SetUtcNow(facts.Modified.AddMinutes(1));
    }
}
