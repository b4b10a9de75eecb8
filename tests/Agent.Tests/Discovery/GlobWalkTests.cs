using Agent.Discovery;
using Agent.Native;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>A walk finds what fits, says which folders may bring more, and what it could not look at.</summary>
public sealed class GlobWalkTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose()
    {
        // A name that is no valid UTF-8 is more than the runtime can delete.
        Programs.Run("rm", "-rf", _folder.Root);
        Directory.CreateDirectory(_folder.Root);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/*")]
    [InlineData("/*.log")]
    [InlineData("/*/*")]
    [InlineData("/a/*.log")]
    [InlineData("/a/x.log")]
    [InlineData("/**")]
    [InlineData("/**/*.log")]
    [InlineData("/**/b/*.log")]
    [InlineData("/**/b/**/x.log")]
    [InlineData("/**.log")]
    [InlineData("/a**x.log")]
    [InlineData("/a/**/b/x.log")]
    [InlineData("/{a,a/b}/*.{log,txt}")]
    [InlineData("/[!a]*")]
    [InlineData("/{*.log,a/**}")]
    public void AWalkFindsTheFilesThatFitInOrder(string pattern)
    {
        Make("x.log", "y.txt", ".hidden.log", "a/x.log", "a/y.txt", "a/b/x.log", "a/b/c/x.log", "a/b/c/b/x.log",
            "ab/x.log", "b/x.log", "b/z");
        var glob = Parse(pattern);
        var fitting = Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories).Where(glob.IsMatch)
            .Order(StringComparer.Ordinal).ToList();

        var walk = glob.Walk();

        Assert.NotEmpty(fitting);
        Assert.Equal(fitting, walk.Files.Select(file => file.Path));
        Assert.Empty(walk.Faults);
    }

    [Fact]
    public void AFileIsFoundWithItsFacts()
    {
        var path = _folder.Write("log", "four");
        File.CreateSymbolicLink(_folder["link"], path);
        FileFacts.TryOf(path, out var facts, out _);

        Assert.Equal([new(_folder["link"], facts, true), new(path, facts, false)], Walk("/*").Files);
        Assert.Equal([new(_folder["link"], facts, true)], Walk("/link").Files);
        Assert.Equal(PathLook.At(path).Identity, Walk("/log").Files[0].Identity);
    }

    [Fact]
    public void WhatIsNoRegularFileIsNoMatch()
    {
        Make("log");
        Directory.CreateDirectory(_folder["folder"]);
        Programs.MakePipe(_folder["pipe"]);
        File.CreateSymbolicLink(_folder["device"], "/dev/zero");
        File.CreateSymbolicLink(_folder["linked folder"], _folder["folder"]);
        File.CreateSymbolicLink(_folder["dangling"], _folder["absent"]);

        Assert.Equal([_folder["log"]], Walk("/*").Files.Select(file => file.Path));
        Assert.Empty(Walk("/{pipe,folder,device,dangling}").Files);
        Assert.Empty(Walk("/*").Faults);
    }

    [Fact]
    public void LinkedFoldersAreFollowedWhereThePatternNamesThemAndNotByTwoStars()
    {
        Make("real/logs/a.log");
        File.CreateSymbolicLink(_folder["current"], _folder["real"]);
        File.CreateSymbolicLink(_folder["real/logs/up"], _folder.Root);

        Assert.Equal([_folder["current/logs/a.log"]], Walk("/current/logs/*.log").Files.Select(file => file.Path));
        Assert.Equal([_folder["current/logs/a.log"], _folder["real/logs/a.log"]],
            Walk("/*/logs/*.log").Files.Select(file => file.Path));
        Assert.Equal([_folder["real/logs/a.log"]], Walk("/**/*.log").Files.Select(file => file.Path));
        Assert.Equal([_folder["real/logs/a.log"]], Walk("/**.log").Files.Select(file => file.Path));
    }

    [Theory]
    [InlineData("/a/log", "a")]
    [InlineData("/a/*.log", "a")]
    [InlineData("/*/log", "", "a", "c")]
    [InlineData("/*/b/log", "", "a/b", "c")]
    [InlineData("/**/log", "", "a", "a/b", "c")]
    [InlineData("/absent/further/*.log", "")]
    [InlineData("/a/absent/log", "a")]
    [InlineData("/c/link/log", "c", "c/link")]
    [InlineData("/c/dangling/log", "c")]
    [InlineData("/c/file/log", "c")]
    public void TheFoldersToWatchAreThoseWhereANewMatchCanAppear(string pattern, params string[] folders)
    {
        Make("a/b/log", "c/file");
        File.CreateSymbolicLink(_folder["c/link"], _folder["a"]);
        File.CreateSymbolicLink(_folder["c/dangling"], _folder["absent"]);

        var watched = Walk(pattern).Folders;

        Assert.Equal(folders.Select(name => Path.TrimEndingDirectorySeparator(_folder[name])),
            watched.Order(StringComparer.Ordinal));
        Assert.All(watched, folder => Assert.True(Directory.Exists(folder)));
    }

    [Theory]
    [InlineData("/loop/*.log", "loop")]
    [InlineData("/loop", "loop")]
    [InlineData("/*", "loop")]
    public void WhatCannotBeLookedAtIsAFault(string pattern, string at)
    {
        File.CreateSymbolicLink(_folder["loop"], _folder["loop"]);

        Assert.Equal([new(_folder[at], "Too many levels of symbolic links")], Walk(pattern).Faults);
    }

    [Fact]
    public void AFolderThatMayNotBeListedIsAFaultAndTheOthersAreWalked()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "nothing is refused to root");
        Make("a/log", "b/log");
        Programs.Run("chmod", "0000", _folder["a"]);

        var walk = Walk("/*/*");
        Programs.Run("chmod", "0700", _folder["a"]);

        Assert.Equal([new(_folder["a"], "Permission denied")], walk.Faults);
        Assert.Equal([_folder["b/log"]], walk.Files.Select(file => file.Path));
    }

    [Theory]
    [InlineData("/*.log")]
    [InlineData("/**")]
    [InlineData("/**.log")]
    [InlineData("/*/x")]
    [InlineData("/**/x")]
    public void ANameThatIsNoTextIsNotPassedByInSilence(string pattern)
    {
        var make = pattern.EndsWith('x') ? "mkdir" : "touch";
        Programs.Run("sh", "-c", $"{make} \"$1/$(printf 'bad\\377.log')\"", "sh", _folder.Root);

        Assert.Equal(
            [new(_folder["bad\ufffd.log"], "the name is no valid UTF-8, so the file cannot be read; rename it")],
            Walk(pattern).Faults);
        Assert.Empty(Walk("/*.txt").Faults);
    }

    [Fact]
    public void TwoStarsLookOnlySoDeepAndSaySo()
    {
        Make("1/log", "1/2/log", "1/2/3/log");

        var walk = Parse("/**/log").Walk(WalkBounds.Usual with { Depth = 2 });

        Assert.Equal([_folder["1/2/log"], _folder["1/log"]], walk.Files.Select(file => file.Path));
        Assert.Equal([new(_folder["1/2/3"], "it lies more than 2 folders deep, where ** does not look")], walk.Faults);
    }

    [Fact]
    public void AWalkVisitsOnlySoManyFoldersTheUpperOnesFirstAndSaysSo()
    {
        Make("a/b/log", "c/log", "log");
        var depth = _folder.Root.Split('/').Length;

        var walk = Parse("/**/log").Walk(WalkBounds.Usual with { Folders = depth + 2 });

        Assert.Equal([_folder["c/log"], _folder["log"]], walk.Files.Select(file => file.Path));
        Assert.Equal(
            [new("/", $"the pattern leads to more than {depth + 2} folders, and the rest was not looked at; "
                + "name more folders before its first **")],
            walk.Faults);
    }

    [Fact]
    public void AWalkFindsOnlySoManyFilesAndSaysSo()
    {
        Make("1", "2", "3");

        var walk = Parse("/*").Walk(WalkBounds.Usual with { Files = 2 });

        Assert.Equal(2, walk.Files.Count);
        Assert.Equal([new("/", "the pattern fits more than 2 files, and the rest was not looked at")], walk.Faults);
    }

    void Make(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            _folder.Write(name, "x");
        }
    }

    GlobWalk Walk(string pattern) => Parse(pattern).Walk();

    Glob Parse(string pattern) =>
        Glob.TryParse(_folder.Root + pattern, out var fault) ?? throw new ArgumentException(fault, nameof(pattern));
}
