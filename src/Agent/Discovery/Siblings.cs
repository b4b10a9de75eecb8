using Agent.Events;
using Agent.Native;

namespace Agent.Discovery;

/// <summary>The files beside a watched one: where a rotated log has gone.</summary>
static class Siblings
{
    /// <summary>The other regular files of a path's folder with their identities. A folder that cannot be listed has
    /// none.</summary>
    public static List<(string Path, FileIdentity Identity)> Of(string path)
    {
        var found = new List<(string Path, FileIdentity Identity)>();
        try
        {
            foreach (var sibling in Directory.EnumerateFiles(Path.GetDirectoryName(path)!))
            {
                if (sibling != path && FileFacts.TryOf(sibling, out var facts, out _) && facts.IsRegular)
                {
                    found.Add((sibling, new(facts.Device, facts.Inode)));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return found;
        }

        return found;
    }
}
