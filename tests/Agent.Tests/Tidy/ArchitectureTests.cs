using System.Text.RegularExpressions;
using Xunit;

namespace Agent.Tests.Tidy;

/// <summary>docs/ARCHITECTURE.md and the folders on disk say the same.</summary>
public sealed class ArchitectureTests
{
    static readonly string Page = Repository.PathOf("docs/ARCHITECTURE.md");

    [Fact]
    public void EveryFolderThePageNamesExists() =>
        Findings.None(
            from folder in FoldersNamed()
            where !Directory.Exists(Repository.PathOf(folder))
            select folder);

    [Fact]
    public void EveryFolderOfTheAgentIsNamedOnThePage() =>
        Findings.None(
            from folder in Repository.FoldersIn("src/Agent")
            where !FoldersNamed().Contains($"src/Agent/{folder}/")
            select folder);

    static List<string> FoldersNamed() =>
        [.. Regex.Matches(File.ReadAllText(Page), @"`((?:[\w.-]+/)+)`").Select(match => match.Groups[1].Value)];
}
