using Agent.Discovery;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>From renames, where each file is by now.</summary>
public sealed class ChangesTests
{
    [Theory]
    [InlineData("a>b", "a=b")]
    [InlineData("a>b b>c", "a=c b=c")]
    [InlineData("b>c a>b", "b=c a=b")]
    [InlineData("a>b b>a", "a=a b=a")]
    [InlineData("a>b a>c", "a=b a=c")]
    [InlineData("a>b c>b", "c=b")]
    [InlineData("a>b c>b b>d", "c=d b=d")]
    [InlineData("a>b b>c a>b b>c", "a=c b=c")]
    public void AFileIsWhereItsLastRenameTookItUnlessAnotherTookItsPlace(string renames, string expected)
    {
        var changes = new Changes();
        changes.Renames.AddRange(renames.Split(' ').Select(one => (one[..1], one[2..])));

        Assert.Equal(expected, string.Join(' ', changes.WhereTheyWent().Select(one => $"{one.From}={one.Now}")));
    }

    /// <summary>Twice as many renames take twice as long, whoever makes them.</summary>
    [Fact]
    public void ALongChainOfRenamesIsFollowedAtOnce()
    {
        const int Length = 300_000;
        var changes = new Changes();
        for (var i = 0; i < Length; i++)
        {
            changes.Renames.Add(($"log.{i}", $"log.{i + 1}"));
        }

        Assert.All(changes.WhereTheyWent(), one => Assert.Equal($"log.{Length}", one.Now));
    }

    [Fact]
    public void WhatIsClearedIsForgotten()
    {
        var changes = new Changes { HasFolderChanges = true };
        changes.Paths.Add("/log");
        changes.Arrived.Add("/log");
        changes.Renames.Add(("/log", "/log.1"));
        changes.Clear();

        Assert.Empty(changes.Paths);
        Assert.Empty(changes.Arrived);
        Assert.Empty(changes.WhereTheyWent());
        Assert.False(changes.HasFolderChanges);
    }
}
