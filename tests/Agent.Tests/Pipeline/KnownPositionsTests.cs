using Agent.Discovery;
using Agent.Events;
using Agent.Pipeline;
using Agent.Tail;
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

    /// <summary>Entries of the journal that ask for something each, and go to one stream.</summary>
    [Fact]
    public void EachQueryOfTheJournalHasAPositionOfItsOwn()
    {
        var (one, other) = (Journal("-u a", "s"), Journal("-u b", "s"));
        var rows = new[] { Row(1, "-u a", "s", hoursAgo: 1), Row(2, "-u b", "s", hoursAgo: 900) };

        Assert.Equal([2], Of(rows, other).Of(other).Select(row => row.Id));
        Assert.Equal([1], Of(rows, other, one).Of(one).Select(row => row.Id));
        Assert.Equal([2], Of(rows, other, one).Of(other).Select(row => row.Id));
    }

    [Theory]
    [InlineData("-u a", "new", 23, true)] // goes elsewhere
    [InlineData("-u a -u b", "s", 23, true)] // asks for more
    [InlineData("-u a", "new", 25, false)] // after a day it is another matter
    [InlineData("-u c", "new", 1, false)] // another one altogether
    public void AQueryOfTheJournalThatIsOtherwiseNowGoesOnForADay(
        string asked, string stream, int hoursAgo, bool goesOn)
    {
        var entry = Journal(asked, stream);

        var rows = Of([Row(1, "-u a", "s", hoursAgo)], entry).Of(entry);

        Assert.Equal(goesOn ? [(1L, "journald " + asked, stream, "place")] : [],
            rows.Select(row => (row.Id, row.SourcePath, row.LogStream, row.Place)));
        Assert.Equal(goesOn ? 1 : 0, _log.Lines.Count);
    }

    [Fact]
    public void AJournalsPositionIsNoFiles()
    {
        var every = Some.Plan("/x") with { Files = Glob.TryParse("/**", out _)! };

        Assert.Empty(Of([Row(1, "", "s", hoursAgo: 0)], every).Of(every));
    }

    static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1000);

    static EntryPlan Journal(string asked, string stream) => ConfiguredPlan.JournalEntry(
        "journald " + asked, "g", stream, new(new([], null, []), JournalFormat.Json));

    static FilePosition Row(long id, string asked, string stream, int hoursAgo) => Some.Position with
    {
        Id = id,
        SourcePath = "journald " + asked,
        LogGroup = "g",
        LogStream = stream,
        Place = "place",
        SeenAt = Now.AddHours(-hoursAgo).ToUnixTimeMilliseconds()
    };

    KnownPositions Of(IReadOnlyList<FilePosition> rows, params EntryPlan[] plans) =>
        new(rows, plans, () => 99, Now, _log);
}
