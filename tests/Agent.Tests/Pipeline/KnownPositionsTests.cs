using Agent.Events;
using Agent.Pipeline;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Which rows of the last run belong to which configured file.</summary>
public sealed class KnownPositionsTests
{
    static readonly EntryPlan Plan = Some.Plan("/var/log/secure");

    readonly CollectingLog _log = new();

    [Fact]
    public void AFileSentToTwoGroupsHasTwoPositions()
    {
        var other = Some.Plan("/var/log/secure", "other");
        var rows = new[] { Some.Position, Some.Position with { Id = 2, LogGroup = "other" } };

        Assert.Equal([rows[0]], Of(rows, Plan, other).Of(Plan));
        Assert.Equal([rows[1]], Of(rows, Plan, other).Of(other));
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("new group", "stream")]
    [InlineData("group", "new stream")]
    public void AFileWhoseDestinationWasRenamedGoesOnWhereItStood(string group, string stream)
    {
        var renamed = Some.Plan("/var/log/secure", group, stream);

        var row = Assert.Single(Of([Some.Position with { OffsetBytes = 7 }], renamed).Of(renamed));

        Assert.Equal(Some.Position with { OffsetBytes = 7, LogGroup = group, LogStream = stream }, row);
        Assert.Equal(
            $"Information: /var/log/secure: was shipped to group/stream, goes on where it stood to {group}/{stream}",
            Assert.Single(_log.Lines));
    }

    [Fact]
    public void ADestinationThatWasAddedBesideAnotherStartsAtTheBeginning()
    {
        var added = Some.Plan("/var/log/secure", "added");

        Assert.Empty(Of([Some.Position], Plan, added).Of(added));
    }

    [Fact]
    public void OfSeveralOldDestinationsTheOneThatWasUsedLastIsTheOneThatWasRenamed()
    {
        var renamed = Some.Plan("/var/log/secure", "new");
        var rows = new[]
        {
            Some.Position with { Id = 1, LogGroup = "ancient", LastStamp = 5 },
            Some.Position with { Id = 2, LogGroup = "recent", LastStamp = 9 },
            Some.Position with { Id = 3, LogGroup = "recent", LastStamp = 8 }
        };

        Assert.Equal([2, 3], Of(rows, renamed).Of(renamed).Select(row => row.Id));
    }

    [Fact]
    public void AnotherFileOfTheSameDestinationIsNoConcern() =>
        Assert.Empty(Of([Some.Position with { SourcePath = "/var/log/other" }], Plan).Of(Plan));

    KnownPositions Of(IReadOnlyList<FilePosition> rows, params EntryPlan[] plans) => new(rows, plans, () => 99, _log);
}
