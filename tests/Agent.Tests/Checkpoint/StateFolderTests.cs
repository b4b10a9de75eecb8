using Agent.Checkpoint;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Checkpoint;

/// <summary>One state, one agent.</summary>
public sealed class StateFolderTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AMissingFolderIsMadeForNobodyElseToRead()
    {
        using var state = StateFolder.Take(_folder["a/b"]);

        Assert.Equal("700\n", Programs.Run("stat", "-c", "%a", state.Path));
    }

    [Fact]
    public void ASecondAgentIsRefusedAsLongAsTheFirstRuns()
    {
        var first = StateFolder.Take(_folder["state"]);
        var fault = Assert.Throws<StateException>(() => StateFolder.Take(_folder["state"]));
        Assert.StartsWith($"{_folder["state"]}: another vigil holds this state folder", fault.Message,
            StringComparison.Ordinal);

        first.Dispose();
        StateFolder.Take(_folder["state"]).Dispose();
    }

    [Fact]
    public void WhetherAnAgentHasTakenTheFolderIsToldWithoutDisturbingIt()
    {
        var before = StateFolder.IsTaken(_folder["state"]);
        var state = StateFolder.Take(_folder["state"]);
        var during = StateFolder.IsTaken(_folder["state"]);
        state.Dispose();

        Assert.Equal((false, true, false), (before, during, StateFolder.IsTaken(_folder["state"])));
    }

    [Fact]
    public void AFolderThatCannotBeMadeSaysSoWithTheRemedy()
    {
        _folder.Write("file", "x");

        var fault = Assert.Throws<StateException>(() => StateFolder.Take(_folder["file/state"]));

        Assert.StartsWith($"{_folder["file/state"]}: the state folder cannot be made:", fault.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatCannotBeWrittenSaysSoWithTheRemedy()
    {
        // No user may write a file in the place of a folder, not even root.
        Directory.CreateDirectory(_folder["state/lock"]);

        var fault = Assert.Throws<StateException>(() => StateFolder.Take(_folder["state"]));

        Assert.StartsWith($"{_folder["state"]}: the state folder cannot be written:", fault.Message,
            StringComparison.Ordinal);
    }
}
