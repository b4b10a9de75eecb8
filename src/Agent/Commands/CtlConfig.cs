using System.Globalization;
using Agent.Config;

namespace Agent.Commands;

/// <summary>The configuration files that ctl manages. Each is checked before it takes its place; what has to make room
/// is kept beside, never deleted.</summary>
sealed class CtlConfig(CtlPlaces places)
{
    /// <summary>Of a file that is not in force yet.</summary>
    const string Pending = ".tmp";

    /// <summary>Whether there is one.</summary>
    public bool IsThere => Files().Any();

    /// <summary>Keeps a text to be checked.</summary>
    /// <param name="name">Of the file that it will be.</param>
    /// <returns>Where it is until then.</returns>
    public string Fetch(string name, byte[] document)
    {
        Directory.CreateDirectory(places.ConfigFolder);
        var path = Path.Combine(places.ConfigFolder, name + Pending);
        File.WriteAllBytes(path, document);
        return path;
    }

    /// <summary>What the configuration would be.</summary>
    /// <param name="isAdded">To what is there; otherwise in its place.</param>
    public ReadResult Check(string pending, bool isAdded) => ConfigurationReader.Read(
    [
        .. isAdded ? Files().Where(file => file != Final(pending)) : [],
        pending
    ]);

    /// <summary>Puts it in force.</summary>
    public void Accept(string pending, bool isAdded)
    {
        foreach (var old in Files().Where(file => !isAdded || file == Final(pending)).ToList())
        {
            Keep(old);
        }

        File.Move(pending, Final(pending), overwrite: true);
    }

    /// <summary>Takes one out of force, or all.</summary>
    /// <param name="name">Null for all.</param>
    /// <returns>How many; 0 where there is no such file.</returns>
    public int Remove(string? name)
    {
        var meant = Files().Where(file => name is null || Path.GetFileName(file) == name).ToList();
        meant.ForEach(Keep);
        return meant.Count;
    }

    static string Final(string pending) => pending[..^Pending.Length];

    IEnumerable<string> Files() => Directory.Exists(places.ConfigFolder)
        ? ConfigurationReader.FilesIn(places.ConfigFolder)
        : [];

    void Keep(string file)
    {
        Directory.CreateDirectory(places.BackupFolder);
        var number = 1;
        string kept;
        do
        {
            kept = Path.Combine(
                places.BackupFolder,
                string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}.{number++}"));
        }
        while (File.Exists(kept));
        File.Move(file, kept);
    }
}
