using Agent.Config.Checking;
using Agent.Config.Merging;
using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config;

/// <summary>Reads a configuration: bytes, then a tree that remembers its places, several merged into one, then the
/// checks, then plain records. Nothing a file holds makes it throw.</summary>
public static class ConfigurationReader
{
    /// <param name="path">A file, or a folder whose files are one configuration together.</param>
    /// <param name="defaultStream">The log stream of files that name none.</param>
    public static ReadResult Read(string path, string defaultStream = LogsSection.DefaultStreamName)
    {
        var faults = new FaultList();
        return Directory.Exists(path)
            ? ReadAll(ConfigurationFolder.TryList(path, faults) ?? [], faults, defaultStream)
            : ReadAll([path], faults, defaultStream);
    }

    /// <summary>Reads files that are one configuration together, in the order they are merged in.</summary>
    public static ReadResult Read(IReadOnlyList<string> paths) =>
        ReadAll(paths, new(), LogsSection.DefaultStreamName);

    /// <summary>The bytes of a configuration file.</summary>
    /// <returns>Null where it cannot be one; the faults say why.</returns>
    public static byte[]? TryReadFile(string path, out IReadOnlyList<Fault> faults)
    {
        var found = new FaultList();
        ConfigurationFile.TryRead(path, found, out var document);
        faults = found.InOrder();
        return document;
    }

    /// <summary>The files of a folder that are its configuration; none where it cannot be looked into.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) => ConfigurationFolder.TryList(folder, new()) ?? [];

    /// <summary>Whether a file of this name in a folder is a part of the configuration.</summary>
    public static bool IsRead(string name) => ConfigurationFolder.IsMeant(name);

    /// <summary>Reads a document that is already in memory, such as a wizard's.</summary>
    /// <param name="name">What the places of the faults call it.</param>
    public static ReadResult Read(string name, byte[] document)
    {
        var faults = new FaultList();
        return Finish(
            JsonTree.TryBuild(name, document, faults, out var root) ? Expansion.Of(root) : null, faults,
            LogsSection.DefaultStreamName);
    }

    // Each file is read though another has faults: all of them are told at once.
    static ReadResult ReadAll(IReadOnlyList<string> paths, FaultList faults, string defaultStream)
    {
        var roots = new List<Value>();
        foreach (var path in paths)
        {
            if (ConfigurationFile.TryRead(path, faults, out var document)
                && JsonTree.TryBuild(path, document, faults, out var root))
            {
                roots.Add(document.AsSpan().IndexOf("${"u8) < 0 ? root : Expansion.Of(root));
            }
        }

        // What a missing part leaves behind would be taken for faults of the others.
        return roots.Count < paths.Count || roots.Count == 0 ? Finish(null, faults, defaultStream)
            : Finish(roots.Find(root => root is not ObjectValue) ?? Merged(roots, faults), faults, defaultStream);
    }

    static ObjectValue Merged(IEnumerable<Value> roots, FaultList faults) =>
        roots.Cast<ObjectValue>().Aggregate((first, second) => Merge.Of(first, second, faults));

    static ReadResult Finish(Value? root, FaultList faults, string defaultStream)
    {
        if (root is not null)
            DocumentKeys.Check(root, faults);

        var configuration = faults.HasErrors || root is not ObjectValue known
            ? null
            : Configuration.From(known, defaultStream);
        return new ReadResult(configuration, faults.InOrder()) { Document = root };
    }
}
