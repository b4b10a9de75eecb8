using Agent.Discovery;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>Cases/discovery/globs.txt and glob-faults.txt: which paths a pattern stands for, and what is no pattern.
/// </summary>
public sealed class GlobTests
{
    public static TheoryData<string, string, bool> Fits =>
        [.. from columns in Cases.Table("discovery/globs.txt", " | ")
            select new TheoryDataRow<string, string, bool>(columns[0], columns[1], columns[2] == "yes")];

    public static TheoryData<string, string> Faults =>
        [.. from columns in Cases.Table("discovery/glob-faults.txt", " | ")
            select new TheoryDataRow<string, string>(columns[0], columns[1])];

    [Theory, MemberData(nameof(Fits))]
    public void APatternStandsForThePathsThatFit(string pattern, string path, bool fits) =>
        Assert.Equal(fits, Parse(pattern).IsMatch(path));

    [Theory, MemberData(nameof(Faults))]
    public void WhatIsNoPatternSaysWhyAndHowToMendIt(string pattern, string expected)
    {
        Assert.Null(Glob.TryParse(pattern, out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("/var/log/secure", "/var/log/secure")]
    [InlineData(@"/var//log/./app\[1].log", "/var/log/app[1].log")]
    [InlineData("/var/log/{only}", "/var/log/only")]
    [InlineData("/var/log/{a,b}", null)]
    [InlineData("/var/*/secure", null)]
    [InlineData("/var/log/[s]ecure", null)]
    public void APatternForOnePathIsLiteral(string pattern, string? path)
    {
        Assert.Equal(path, Parse(pattern).LiteralPath);
        Assert.Equal(path is not null, Parse(pattern).IsLiteral);
    }

    /// <summary>Each star more would multiply the time by the name's length if they were tried one after the other.
    /// </summary>
    [Theory]
    [InlineData("/*a*a*a*a*a*a*a*a*b")]
    [InlineData("/**a**a**a**a**a**a**b")]
    [InlineData("/**/a*/**/a*/**/a*/**/b")]
    [InlineData("/*[ab]*[ab]*[ab]*[ab]*[ab]?c")]
    public void AHostileNameTakesLinearTime(string pattern) =>
        Assert.False(Parse(pattern).IsMatch("/" + new string('a', 4_000)));

    [Fact]
    public void APatternLongerThanAnyPathIsRefused()
    {
        Assert.Null(Glob.TryParse("/" + new string('*', 4_096), out var fault));
        Assert.Equal("it is longer than 4096 characters", fault);
        Assert.Null(Glob.TryParse("/var/\0", out fault));
        Assert.Equal("it holds a NUL, which no file's name can", fault);
    }

    [Fact]
    public void DeepBracesAreReadWithoutEnd()
    {
        var nested = new string('{', 2_000) + "a" + new string('}', 2_000);

        Assert.Equal("/a", Parse("/" + nested).LiteralPath);
    }

    static Glob Parse(string pattern)
    {
        var glob = Glob.TryParse(pattern, out var fault);
        Assert.True(glob is not null, fault);
        return glob;
    }
}
