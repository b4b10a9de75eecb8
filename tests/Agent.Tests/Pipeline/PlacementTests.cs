using Agent.Discovery;
using Agent.Events;
using Agent.Pipeline;
using Agent.Tail;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Where the files of the last run are now.</summary>
public sealed class PlacementTests : IDisposable
{
    const string Boot = "boot";

    readonly TestFolder _folder = new();
    readonly Neighbourhood _neighbours = new(TimeProvider.System);
    readonly byte[] _block = new byte[TailedContent.BlockBytes];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileIsFoundWhereItWas()
    {
        var position = Read("one\ntwo\n");

        var placement = Place(position);

        Assert.Equal([_folder["log"]], Paths(placement));
        Assert.Equal((8, null), (Assert.Single(placement.Found).File.OffsetBytes, placement.Fault));
    }

    [Fact]
    public void OfTwoCopiesTheLongerOneIsTaken()
    {
        var position = Read("one\n");
        _folder.Write("log.save", "one\ntwo\n");
        _folder.Write("log.1", "one\ntwo\nthree\n");
        _folder.Write("log", "new\n");

        Assert.Equal([_folder["log.1"]], Paths(Place(position)));
    }

    [Fact]
    public void ACopyBesideTheTargetOfALinkIsFound()
    {
        Directory.CreateDirectory(_folder["target"]);
        _folder.Write("target/app", "one\n");
        File.CreateSymbolicLink(_folder["log"], _folder["target/app"]);
        var position = Known();
        _folder.Write("target/app.1", "one\ntwo\n");
        _folder.Write("target/app", "new\n");

        Assert.Equal([_folder["target/app.1"]], Paths(Place(position)));
    }

    [Theory]
    [InlineData("boot")]
    [InlineData("another boot")]
    public void ARenamedFileIsFoundByItsInode(string boot)
    {
        var position = Read("one\n") with { BootId = boot };
        File.Move(_folder["log"], _folder["log-20260203"]);
        _folder.Write("log", "new\n");

        Assert.Equal([_folder["log-20260203"]], Paths(Place(position)));
    }

    [Fact]
    public void AFileOnARenumberedDeviceIsFoundAfterAReboot()
    {
        var position = Read("one\n");
        var moved = position with { Identity = position.Identity with { Device = 99 }, BootId = "before" };

        Assert.Equal([_folder["log"]], Paths(Place(moved)));
    }

    [Fact]
    public void AFileOnARenumberedDeviceIsPreferredToItsCopy()
    {
        var position = Read("one\n");
        File.Copy(_folder["log"], _folder["log.copy"]);
        var moved = position with { Identity = position.Identity with { Device = 99 }, BootId = "before" };

        Assert.Equal([_folder["log"]], Paths(Place(moved)));
    }

    [Fact]
    public void ACopyIsFoundByItsContent()
    {
        var position = Read("one\n");
        File.Copy(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "two\n");

        Assert.Equal([_folder["log.1"]], Paths(Place(position)));
    }

    [Fact]
    public void AFileThatIsNowhereIsLost()
    {
        var position = Read("one\n");
        _folder.Write("log", "two\n");
        _folder.Write("other", "one, but other from here\n");

        var placement = Place(position);

        Assert.Equal([position], placement.Lost.Select(lost => lost.Position));
        Assert.Empty(placement.Found);
        Assert.Null(placement.Fault);
    }

    [Fact]
    public void TwoRotatedFilesComeOldestFirstAndTheOneAtThePathLast()
    {
        var first = Read("one\n");
        File.Move(_folder["log"], _folder["log.2"]);
        var second = Read("two\n") with { Id = 2 };
        File.Move(_folder["log"], _folder["log.1"]);
        var third = Read("three\n") with { Id = 3 };

        Assert.Equal(
            [_folder["log.2"], _folder["log.1"], _folder["log"]], Paths(Place(first, second, third)));
    }

    [Fact]
    public void TwoFilesOfEqualContentAreTwoFiles()
    {
        var first = Read("same\n");
        File.Move(_folder["log"], _folder["log.1"]);
        var second = Read("same\n") with { Id = 2 };

        Assert.Equal([_folder["log.1"], _folder["log"]], Paths(Place(first, second)));
    }

    [Fact]
    public void NoFileIsGivenToTwoPositionsThoughItsContentFitsBoth()
    {
        var position = Read("same\n") with { Identity = default };
        File.Copy(_folder["log"], _folder["log.1"]);

        var placement = Place(position, position with { Id = 2 }, position with { Id = 3 });

        Assert.Equal([_folder["log.1"], _folder["log"]], Paths(placement));
        Assert.Equal([3], placement.Lost.Select(lost => lost.Position.Id));
    }

    [Fact]
    public void ACopyIsOfTheContentThatWasRead()
    {
        var position = Read("one\n");
        using var content = TailedFile.TryOpen(_folder["log"], out _)!;
        File.Copy(_folder["log"], _folder["log.1"]);
        _folder.Append("log.1", "two\n");
        _folder.Write("log.2", "other\n");
        _folder.Write("log", "");

        using var copy = Placement.FindCopy(_folder["log"], position, content, _neighbours);

        Assert.Equal(_folder["log.1"], copy?.CurrentPath);
        Assert.Equal(4, copy?.OffsetBytes);
        using var nothing = TailedFile.TryOpen(_folder["log"], out _)!;
        Assert.Null(Placement.FindCopy(_folder["log"], Some.Position, nothing, _neighbours));
    }

    FilePosition Read(string content)
    {
        _folder.Write("log", content);
        return Known();
    }

    FilePosition Known()
    {
        using var file = TailedFile.TryOpen(_folder["log"], out _)!;
        file.Read(_block, out var data);
        file.Advance(data);
        return Some.Position with
        {
            Identity = file.Identity,
            Head = file.Head,
            Anchor = file.Anchor,
            OffsetBytes = file.OffsetBytes
        };
    }

    Placement Place(params FilePosition[] positions)
    {
        List<Missing> missing = [.. positions.Select(one => new Missing(one, one.OffsetBytes, IsTruncated: false))];
        var placement = Placement.Of(_folder["log"], PathLook.At(_folder["log"]), missing, Boot, _neighbours);
        foreach (var (_, file, _) in placement.Found)
        {
            file.Dispose();
        }

        return placement;
    }

    static IEnumerable<string> Paths(Placement placement) => placement.Found.Select(one => one.Path);
}
