using System.Text.RegularExpressions;
using Xunit;

namespace Agent.Tests.Tidy;

/// <summary>The rules of the text that no analyzer checks.</summary>
public sealed class TextTests
{
    const int Columns = 120;

    [Fact]
    public void NoLineIsWiderThan120Columns() => Findings.None(Lines(line => line.EnumerateRunes().Count() > Columns));

    [Fact]
    public void NoLineHasATabOrEndsInABlank() =>
        Findings.None(Lines(line => line.Contains('\t') || line.EndsWith(' ')));

    [Fact]
    public void AFileHasNoByteOrderMarkAndEndsInOneLineFeedLikeItsLines() =>
        Findings.None(
            from file in Repository.Sources("src", "tests", "bench")
            let bytes = File.ReadAllBytes(Repository.PathOf(file))
            where bytes is [0xEF, 0xBB, 0xBF, ..] or not [.., not (byte)'\n', (byte)'\n'] || bytes.Contains((byte)'\r')
            select file);

    [Fact]
    public void WhatIsLeftToDoIsAnIssueNotAComment() =>
        Findings.None(Lines(line => Regex.IsMatch(line, @"\b(TODO|FIXME|HACK|XXX)\b"), "src"));

    /// <summary>A test that sleeps is slow on a good day and wrong on a bad one. A loop that looks for a condition
    /// until a deadline may pause between two looks, and says beside it what it waits for.</summary>
    [Fact]
    public void ATestWaitsForAConditionNotForTimeToPass() =>
        Findings.None(
            from file in Repository.Sources("tests")
            let lines = File.ReadAllLines(Repository.PathOf(file))
            from line in lines.Index()
            where Regex.IsMatch(line.Item, @"\bThread\.Sleep\b|\bTask\.Delay\(|\bSpinWait\b")
            where !Regex.IsMatch(line.Item + lines.ElementAtOrDefault(line.Index - 1), @"// waits for \w+")
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    /// <summary>Who searches the journal for an id finds one thing.</summary>
    [Fact]
    public void AnIdOfTheAgentsOwnLogMeansOneMessage() =>
        Findings.None(
            from file in Repository.Sources("src")
            from Match match in Regex.Matches(
                File.ReadAllText(Repository.PathOf(file)), @"\[LoggerMessage\(\s*([0-9]+)")
            group file by match.Groups[1].Value into uses
            where uses.Count() > 1
            select $"{uses.Key}: {string.Join(", ", uses)}");

    static IEnumerable<string> Lines(Func<string, bool> isBad, params string[] folders) =>
        from file in Repository.Sources(folders.Length == 0 ? ["src", "tests", "bench"] : folders)
        from line in File.ReadAllText(Repository.PathOf(file)).Split('\n').Index()
        where isBad(line.Item)
        select $"{file}:{line.Index + 1}";
}
