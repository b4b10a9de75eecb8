using Agent.Config;
using Agent.Config.Model;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>What the keys of an entry of collect_list, and what vigil.files adds, come to mean.</summary>
public sealed class EntryMeaningTests
{
    static readonly Configuration Read = Assert.IsType<Configuration>(
        ConfigurationReader.Read(Cases.PathOf("config/good/every-file-key.json")).Configuration);

    static CollectedFile First => Read.Logs.Files[0];

    [Fact]
    public void WhatAnEntrySaysIsTaken()
    {
        Assert.True(First.IsPattern);
        Assert.Equal("%Y-%m-%d %H:%M:%S", First.TimestampFormat);
        Assert.True(First.TrimTimestamp);
        Assert.Equal("^{timestamp_format}", First.StartPattern?.Written);
        Assert.Equal("windows-1252", First.Encoding);
        Assert.Equal("\\.gz$", First.Blacklist?.Written);
        Assert.True(First.AutoRemoval);
        Assert.True(First.ReleasesHandles);
        Assert.False(First.ApartByFile);
        Assert.Equal([(true, null), (false, "DEBUG")],
            First.Filters.Select(filter => (filter.IsInclude, filter.Expression.Pattern.IsLiteral
                ? filter.Expression.Pattern.Literal : null)));
    }

    [Fact]
    public void WhatVigilSaysOfOneFileGoesBeforeWhatItSaysOfAll()
    {
        Assert.False(First.TailAll);
        Assert.Equal(TimeSpan.FromSeconds(5), First.PartialLineTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1.5), First.MultiLineTimeout);
        Assert.True(First.StartsAtEnd);
        Assert.Equal(TimeSpan.FromHours(1), First.IgnoreOlder);
        Assert.Equal(["/var/log/app/debug*", "**/{a,b}"], First.Exclude);
        Assert.Equal("Europe/Berlin", First.Timezone);
    }

    [Fact]
    public void TheWordOnAGroupsFileGoesBeforeTheWordOnTheFile()
    {
        var other = Read.Logs.Files[1];

        Assert.True(other.TailAll);
        Assert.False(other.StartsAtEnd);
        Assert.Equal(TimeSpan.FromSeconds(60), other.PartialLineTimeout);
        Assert.Equal("Local", other.Timezone);
        Assert.Null(other.Encoding);
    }

    /// <summary>The first entry has a start pattern, the second is switched on again; the third has neither.</summary>
    [Fact]
    public void MultiLineIsOffForAllButThoseThatAskForIt() =>
        Assert.Equal([false, false, true, true], Read.Logs.Files.Select(file => file.IsMultiLineOff));

    [Fact]
    public void TheSectionsOwnKeysAreTaken() =>
        Assert.Equal(
            (true, 500, 9464), (Read.Vigil.FollowsAnyLink, Read.Vigil.MostOpenFiles, Read.Vigil.MetricsPort));

    [Theory]
    [InlineData(0, "/var/log/app/a.log", "app", "host")]
    [InlineData(2, "/srv/my app.log", "/srv/my_app.log", "host")]
    [InlineData(2, "/srv/a:b*ä😀#1.log", "/srv/a_b___#1.log", "host")]
    [InlineData(3, "/srv/my app.txt", "srv", "{hostname}__srv_my_app.txt")]
    public void AFileApartHasANameMadeOfItsPath(int entry, string path, string group, string stream) =>
        Assert.Equal((group, stream), Read.Logs.Files[entry].DestinationOf(path));

    [Fact]
    public void NoFileIsDeletedWhereEachIsAFileApart()
    {
        var document = File.ReadAllText(Cases.PathOf("config/good/every-file-key.json"))
            .Replace("\"auto_removal\"", "\"publish_multi_logs\": true, \"auto_removal\"", StringComparison.Ordinal);
        var result = ConfigurationReader.Read("x", System.Text.Encoding.UTF8.GetBytes(document));

        Assert.Equal((true, false, true), result.Configuration?.Logs.Files[0] is { } file
            ? (file.ApartByFile, file.AutoRemoval, result.Faults.Count == 1) : default);
    }
}
