using Agent.Discovery;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>Only "there is none" means that a file is gone.</summary>
public sealed class PathLookTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void APresentFileIsKnownByItsIdentityWhateverItsName()
    {
        var first = PathLook.At(_folder.Write("log", "x"));
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "x");

        Assert.Equal(PathState.Present, first.State);
        Assert.Equal(first, PathLook.At(_folder["log.1"]));
        Assert.NotEqual(first.Identity, PathLook.At(_folder["log"]).Identity);
    }

    [Fact]
    public void WhatIsNotThereIsAbsent()
    {
        _folder.Write("file", "x");

        Assert.Equal(PathState.Absent, PathLook.At(_folder["absent"]).State);
        Assert.Equal(PathState.Absent, PathLook.At(_folder["absent/log"]).State);
        Assert.Equal(PathState.Absent, PathLook.At(_folder["file/log"]).State);
    }

    [Fact]
    public void WhatCannotBeLookedAtIsNotTakenForDeleted()
    {
        File.CreateSymbolicLink(_folder["loop"], _folder["loop"]);

        var look = PathLook.At(_folder["loop"]);

        Assert.Equal((PathState.Unknown, "Too many levels of symbolic links"), (look.State, look.Fault));
        Assert.Equal(PathState.Unknown, PathLook.At(_folder[new string('x', 300)]).State);
    }

    [Fact]
    public void AFolderInThePlaceOfALogIsNotTakenForDeleted()
    {
        var look = PathLook.At(_folder.Root);

        Assert.Equal((PathState.Unknown, "not a regular file"), (look.State, look.Fault));
    }
}
