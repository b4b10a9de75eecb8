using System.Globalization;

namespace Agent.Commands;

/// <summary>The file that the wizard writes: whole or not at all, and what was there is kept beside.</summary>
/// <param name="path">Where it is.</param>
/// <param name="backups">The folder of those that were there before.</param>
sealed class WizardFile(string path, string backups)
{
    const int MostBackups = 10;

    public string Path => path;

    /// <summary>Whether it was.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>Sees that it can be written before anything is asked.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    /// <exception cref="IOException">It cannot be.</exception>
    /// <exception cref="UsageException">It is no file's name.</exception>
    public void Try()
    {
        if (Directory.Exists(path) || System.IO.Path.GetDirectoryName(path) is not { } folder)
        {
            throw new UsageException($"{path} is a folder: name the file to write with --output");
        }

        Directory.CreateDirectory(folder);
        File.Delete(Written(""));
    }

    /// <returns>Where the one before is kept; null if there was none.</returns>
    public string? Write(string text)
    {
        var isKept = File.Exists(path) && new FileInfo(path).Length > 0;
        var kept = isKept ? Keep() : null;
        File.Move(Written(text), path, overwrite: true);
        IsWritten = true;
        return kept;
    }

    /// <summary>Leaves the file as it is.</summary>
    /// <returns>Where it is written.</returns>
    public string WriteBeside(string text)
    {
        File.Move(Written(text), path + ".faulty", overwrite: true);
        return path + ".faulty";
    }

    // In a file beside it, so that it is there as a whole once it has its name.
    string Written(string text)
    {
        var beside = $"{path}.{Guid.NewGuid():N}.new"; // a name that nobody could prepare
        using var file = new StreamWriter(new FileStream(beside, FileMode.CreateNew));
        file.Write(text);
        return beside;
    }

    string Keep()
    {
        Directory.CreateDirectory(backups);
        var numbers = Directory.EnumerateFiles(backups, "config-*.json")
            .Select(NumberOf).OfType<int>().Order().ToList();
        foreach (var old in numbers.SkipLast(MostBackups - 1))
        {
            File.Delete(NameOf(old));
        }

        var kept = NameOf(numbers.Count == 0 ? 1 : numbers[^1] + 1);
        File.Copy(path, kept);
        return kept;
    }

    string NameOf(int number) => System.IO.Path.Combine(
        backups, string.Create(CultureInfo.InvariantCulture, $"config-{number}.json"));

    static int? NumberOf(string file) => int.TryParse(
        System.IO.Path.GetFileNameWithoutExtension(file)["config-".Length..], NumberStyles.None,
        CultureInfo.InvariantCulture, out var number) ? number : null;
}
