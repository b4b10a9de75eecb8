using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Xunit;

namespace Agent.Tests.Tidy;

/// <summary>Who may look into which room, judged from the compiled assemblies.</summary>
public sealed class RoomTests
{
    static readonly Dictionary<string, string[]> ProjectsSeenBy = new()
    {
        ["CloudWatch"] = [],
        ["Agent.Config"] = ["CloudWatch"],
        ["LocalCloud"] = ["CloudWatch"],
        ["vigil"] = ["Agent.Config", "CloudWatch", "LocalCloud"]
    };

    [Fact]
    public void ARoomSeesNoOtherRoom() =>
        Findings.None(
            from use in TypeReferences.In(Binary("vigil"))
            let breach = Rooms.Breach(use.User, use.Used)
            where breach is not null
            orderby breach
            select breach);

    /// <summary>The compiler copies constants, so these uses can only be seen in the text.</summary>
    [Fact]
    public void ARoomSeesNoConstantOfAnotherRoom() =>
        Findings.None(
            from room in Repository.FoldersIn("src/Agent")
            from file in Repository.Sources("src/Agent/" + room)
            from line in File.ReadLines(Repository.PathOf(file)).Index()
            from Match named in Regex.Matches(line.Item, @"(?<=^using (?:static |\w+ = )?Agent\.|[^\w.""]Agent\.)\w+")
            let breach = Rooms.Breach(TypeIn(room), TypeIn(named.Value))
            where breach is not null && Rooms.Known.Contains(named.Value)
            select $"{file}:{line.Index + 1} names Agent.{named.Value}");

    [Fact]
    public void EveryFolderOfTheAgentHasAPlaceInTheTableOfRooms()
    {
        var strangers = Repository.FoldersIn("src/Agent").Except(Rooms.Known);

        Assert.True(!strangers.Any(),
            $"Say in Rooms.cs who may see these, and what they may see: {string.Join(", ", strangers)}");
    }

    [Fact]
    public void ANamespaceIsNamedAfterItsFolder() =>
        Findings.None(
            from file in Repository.Sources("src", "tests", "bench")
            let folder = Path.GetDirectoryName(file)!.Split('/')[1..]
            let expected = string.Join('.', folder)
            from line in File.ReadLines(Repository.PathOf(file))
            where line.StartsWith("namespace ", StringComparison.Ordinal)
            let written = line["namespace ".Length..].TrimEnd(';', ' ', '{')
            where written != expected
            select $"{file}: {written}, not {expected}");

    [Fact]
    public void AProjectSeesOnlyTheProjectsBelowIt() =>
        Findings.None(
            from project in ProjectsSeenBy
            from seen in AssembliesSeenBy(project.Key)
            where ProjectsSeenBy.ContainsKey(seen) && !project.Value.Contains(seen)
            select $"{project.Key} uses {seen}");

    [Fact]
    public void OnlyCommandsTouchTheConsole() =>
        Findings.None(
            from project in ProjectsSeenBy.Keys
            from use in TypeReferences.In(Binary(project))
            where IsConsole(use.Used) && !Rooms.MaySpeak(use.User)
            select $"{use.User} uses {use.Used}");

    static bool IsConsole(TypeName type) =>
        type is { Namespace: "System", Name: "Console" }
        || type.Assembly.StartsWith("Spectre.Console", StringComparison.Ordinal);

    static TypeName TypeIn(string room) => new("vigil", "Agent." + room, "");

    static string Binary(string project) => Path.Combine(AppContext.BaseDirectory, project + ".dll");

    static List<string> AssembliesSeenBy(string project)
    {
        using var file = new PEReader(File.OpenRead(Binary(project)));
        var reader = file.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(seen => reader.GetString(reader.GetAssemblyReference(seen).Name))];
    }
}
