using Agent.Events;
using Agent.Native;

namespace Agent.Discovery;

/// <summary>The files beside a watched one: where a rotated log has gone.</summary>
static class Siblings
{
    /// <summary>The other regular files beside a path, and beside what it links to, the longest first: of two copies
    /// the longer one holds more. A folder that cannot be listed has none.</summary>
    public static List<(string Path, FileIdentity Identity)> Of(string path)
    {
        var found = new List<(string Path, FileFacts Facts)>();
        foreach (var folder in FoldersOf(path))
        {
            try
            {
                foreach (var sibling in Directory.EnumerateFiles(folder))
                {
                    if (sibling != path && FileFacts.TryOf(sibling, out var facts, out _) && facts.IsRegular)
                    {
                        found.Add((sibling, facts));
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }

        return found.OrderByDescending(one => one.Facts.LengthBytes)
            .Select(one => (one.Path, new FileIdentity(one.Facts.Device, one.Facts.Inode)))
            .ToList();
    }

    /// <summary>The file that a link leads to; null for what is no link.</summary>
    public static string? TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static IEnumerable<string> FoldersOf(string path) =>
        ((string?[])[path, TargetOf(path)]).OfType<string>().Select(one => Path.GetDirectoryName(one)!).Distinct();
}
