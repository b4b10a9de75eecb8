using Agent.Discovery;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>One folder may have two names.</summary>
public sealed class SharedFolderTests
{
    [Fact]
    public void AChangeIsToldByEachNameThatItsFolderIsWatchedUnder()
    {
        using var folder = new TestFolder();
        using var watch = ChangeWatch.Create();
        Directory.CreateDirectory(folder["logs"]);
        File.CreateSymbolicLink(folder["link"], folder["logs"]);
        watch.TryWatch(folder["logs"], out _);
        watch.TryWatch(folder["link"], out _);
        folder.Write("logs/log", "x");
        var changes = new Changes();
        watch.Wait(TimeSpan.FromSeconds(5), minding: true, changes);

        Assert.Equal([folder["link/log"], folder["logs/log"]], changes.Paths.Order(StringComparer.Ordinal));
    }
}
