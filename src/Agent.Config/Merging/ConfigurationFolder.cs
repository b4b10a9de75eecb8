using Agent.Config.Reading;

namespace Agent.Config.Merging;

/// <summary>The files of a folder that are one configuration together.</summary>
static class ConfigurationFolder
{
    const int MostFiles = 1000;

    /// <summary>What package managers, editors and the CloudWatch agent leave beside a configuration.</summary>
    static readonly string[] OthersEndings =
    [
        "~", ".tmp", ".new", ".bak", ".swp", ".orig", ".yaml", ".rpmnew", ".rpmsave", ".rpmorig", ".dpkg-new",
        ".dpkg-old", ".dpkg-dist"
    ];

    /// <summary>Its files in the order of their names, which is the order they are merged in.</summary>
    /// <returns>Null where there is none, or it cannot be looked into; it is a fault then.</returns>
    public static IReadOnlyList<string>? TryList(string folder, FaultList faults)
    {
        try
        {
            var files = Directory.EnumerateFiles(folder).Where(IsMeant).Order(StringComparer.Ordinal).ToList();
            if (files.Count is > 0 and <= MostFiles && !IsOneEmpty(files, faults))
                return files;

            if (faults.HasErrors)
                return null;

            faults.Error(
                new Place(folder), KeyPath.Root,
                files.Count == 0 ? "has no configuration file in it" : $"has more than {MostFiles} files in it",
                files.Count == 0 ? "put one there, or name a file" : "name the folder that is meant");
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            faults.Error(
                new Place(folder), KeyPath.Root, $"cannot be looked into ({trouble.Message})",
                "let the user that runs the agent read it");
        }

        return null;
    }

    // A pipe is empty by its length, too: to open one would wait for somebody to write to it.
    static bool IsOneEmpty(List<string> files, FaultList faults)
    {
        var empty = files.FindAll(file => new FileInfo(file).Length == 0);
        foreach (var file in empty)
            faults.Error(new Place(file), KeyPath.Root, "is empty", "write a configuration to it, or delete it");

        return empty.Count > 0;
    }

    /// <summary>Whether a file of this name counts.</summary>
    public static bool IsMeant(string path)
    {
        var name = Path.GetFileName(path);
        return name[0] != '.' && !Array.Exists(OthersEndings, name.EndsWith);
    }
}
