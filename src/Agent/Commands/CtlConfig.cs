using System.Globalization;
using Agent.Config;
using Agent.Config.Model;

namespace Agent.Commands;

/// <summary>A configuration file that is not in force yet.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Final">Where it will be.</param>
sealed record PendingConfig(string Path, string Final);

/// <summary>The configuration files that ctl manages. Each is checked before it takes its place; what has to make room
/// is kept beside, never deleted. One ctl at a time.</summary>
sealed class CtlConfig(CtlPlaces places)
{
    const int MostKept = 10; // of each name

    /// <summary>Whether there is one.</summary>
    public bool IsThere => Files().Any();

    /// <summary>Keeps others out until it is disposed.</summary>
    /// <exception cref="IOException">Another is at work.</exception>
    public IDisposable Lock()
    {
        var above = Path.GetDirectoryName(places.ConfigFolder)!;
        Directory.CreateDirectory(above);
        try
        {
            return new FileStream(
                Path.Combine(above, ".ctl.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"another ctl is at work in {above}: try again once it has ended", e);
        }
    }

    /// <summary>Keeps a text to be checked.</summary>
    /// <param name="name">Of the file that it will be.</param>
    /// <param name="isSecret">For nobody else to read.</param>
    public PendingConfig Fetch(string name, byte[] document, bool isSecret)
    {
        // Under a name that is left alone it would be no configuration.
        name = ConfigurationReader.IsRead(name) ? name : name + ".json";
        var final = Path.Combine(places.ConfigFolder, name);
        if (Directory.Exists(final))
        {
            throw new UsageException($"{final} is a folder, and stands where the file belongs: move it away");
        }

        Directory.CreateDirectory(places.ConfigFolder);
        var path = $"{final}.{Guid.NewGuid():N}.tmp"; // a name that nobody could prepare
        using var file = new FileStream(path, OptionsFor(isSecret));
        file.Write(document);
        file.Flush(flushToDisk: true);
        return new(path, final);
    }

    /// <summary>What the configuration would be.</summary>
    /// <param name="isAdded">To what is there; otherwise in its place.</param>
    public ReadResult Check(PendingConfig pending, bool isAdded) => ConfigurationReader.Read(
        [.. isAdded ? Files().Where(file => file != pending.Final) : [], pending.Path]);

    /// <summary>Puts it in force. A crash on the way leaves both, never none.</summary>
    public void Accept(PendingConfig pending, bool isAdded)
    {
        var before = Files().Where(file => !isAdded || file == pending.Final).ToList();
        before.ForEach(Keep);
        File.Move(pending.Path, pending.Final, overwrite: true);
        before.Where(file => file != pending.Final).ToList().ForEach(File.Delete);
    }

    /// <summary>Takes over the one file that old versions of the CloudWatch agent kept, which stays where it is. It is
    /// checked when the agent reads it.</summary>
    /// <returns>What was taken over; null where nothing was.</returns>
    public async Task<string?> AdoptLegacyAsync()
    {
        if (places.LegacyConfig is not { } legacy || !File.Exists(legacy))
        {
            return null;
        }

        var pending = Fetch($"file_{Path.GetFileName(legacy)}", await File.ReadAllBytesAsync(legacy), isSecret: false);
        Accept(pending, isAdded: true);
        return legacy;
    }

    /// <summary>The files that a name means.</summary>
    /// <param name="name">Null for all.</param>
    public IReadOnlyList<string> Find(string? name) =>
        [.. Files().Where(file => name is null || Path.GetFileName(file) == name)];

    /// <summary>What is in force, or will be with the next start; null where it is not good.</summary>
    public Configuration? Read() => ConfigurationReader.Read(Files()).Configuration;

    /// <summary>What the configuration would be without some.</summary>
    public ReadResult CheckWithout(IReadOnlyList<string> files) =>
        ConfigurationReader.Read([.. Files().Except(files)]);

    /// <summary>Takes some out of force.</summary>
    public void Remove(IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            Keep(file);
            File.Delete(file);
        }
    }

    IReadOnlyList<string> Files() => Directory.Exists(places.ConfigFolder)
        ? ConfigurationReader.FilesIn(places.ConfigFolder)
        : [];

    void Keep(string file)
    {
        Directory.CreateDirectory(places.BackupFolder);
        var name = Path.GetFileName(file);
        var number = 1 + Directory.GetFiles(places.BackupFolder, name + ".*")
            .Select(path => NumberOf(path, name)).DefaultIfEmpty().Max();
        string kept;
        do
        {
            kept = Path.Combine(
                places.BackupFolder,
                string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}.{number++}"));
        }
        while (Path.Exists(kept));
        File.Copy(file, kept);
        KeepNewest(Path.GetFileName(file));
    }

    // As many as the wizard keeps; by their numbers, which only grow.
    void KeepNewest(string name)
    {
        var kept = Directory.GetFiles(places.BackupFolder, name + ".*")
            .Select(path => (Path: path, Number: NumberOf(path, name)))
            .Where(one => one.Number > 0)
            .OrderByDescending(one => one.Number);
        foreach (var (path, _) in kept.Skip(MostKept))
        {
            File.Delete(path);
        }
    }

    // 0 for what has none: name.* finds the name alone, too.
    static int NumberOf(string path, string name) =>
        Path.GetFileName(path) is var kept && kept.Length > name.Length
            && int.TryParse(
                kept[(name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    static FileStreamOptions OptionsFor(bool isSecret)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            options.UnixCreateMode = isSecret ? Own : Own | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        }

        return options;
    }
}
