using Agent.Config.Checking;
using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config;

/// <summary>Reads one configuration file: bytes, then a tree that remembers its places, then the checks, then plain
/// records. Nothing a file holds makes it throw.</summary>
public static class ConfigurationReader
{
    public static ReadResult Read(string path)
    {
        var faults = new FaultList();
        return ConfigurationFile.TryRead(path, faults, out var document)
            ? Read(path, document, faults)
            : new ReadResult(null, faults.InOrder());
    }

    /// <summary>Reads a document that is already in memory, such as a wizard's or a merge's.</summary>
    /// <param name="name">What the places of the faults call it.</param>
    public static ReadResult Read(string name, byte[] document) => Read(name, document, new FaultList());

    static ReadResult Read(string name, byte[] document, FaultList faults)
    {
        if (!JsonTree.TryBuild(name, document, faults, out var root))
            return new ReadResult(null, faults.InOrder());

        DocumentKeys.Check(root, faults);
        var configuration = faults.HasErrors || root is not ObjectValue known ? null : Configuration.From(known);
        return new ReadResult(configuration, faults.InOrder());
    }
}
