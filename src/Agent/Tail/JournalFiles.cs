namespace Agent.Tail;

/// <summary>Whether there is a journal that may be read: libsystemd passes over files that may not be, and says
/// nothing.</summary>
static class JournalFiles
{
    const string MachineId = "/etc/machine-id";

    static readonly string[] Folders = ["/var/log/journal", "/run/log/journal"];

    /// <summary>Why the journal, or a part of it, cannot be read; null when all of it can.</summary>
    /// <param name="folder">Null for this machine's own.</param>
    /// <param name="isForbidden">Whether it is for want of a permission.</param>
    public static string? Fault(string? folder, out bool isForbidden)
    {
        isForbidden = false;
        try
        {
            var folders = folder is null ? Own() : [folder];
            var files = folders.SelectMany(FilesIn).ToList();
            if (files.Find(file => !MayRead(file)) is { } closed)
            {
                isForbidden = true;
                return $"{closed} may not be read: add the agent's user to the group systemd-journal, or give it "
                    + "CAP_DAC_READ_SEARCH";
            }

            return files.Count > 0 ? null
                : $"there is no journal in {string.Join(" or ", folders)}: is this host run by systemd?";
        }
        catch (IOException e)
        {
            return e.Message; // a folder may go at any moment: /run/log/journal does when the host has started
        }
        catch (UnauthorizedAccessException e)
        {
            isForbidden = true;
            return e.Message;
        }
    }

    // Others are of machines whose journals were sent here, of containers, of namespaces.
    static string[] Own()
    {
        var machine = File.Exists(MachineId) ? File.ReadAllText(MachineId).Trim() : "";
        return [.. Folders.Select(one => Path.Combine(one, machine))];
    }

    // A folder for each machine, or the files themselves.
    static IEnumerable<string> FilesIn(string folder) => !Directory.Exists(folder) ? []
        : Directory.EnumerateFiles(folder, "*.journal").Concat(
            Directory.EnumerateDirectories(folder).SelectMany(one => Directory.EnumerateFiles(one, "*.journal")));

    static bool MayRead(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true; // it was rotated just now, or the fault is another
        }
    }
}
