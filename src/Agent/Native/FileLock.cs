using System.Globalization;

namespace Agent.Native;

/// <summary>Whether a process holds a lock on a file. Asked of the kernel's list and not by trying: who tries holds it
/// for a moment, and an agent that starts in this moment would not get it.</summary>
static class FileLock
{
    const string List = "/proc/locks";

    /// <summary>Whether anybody holds an flock(2) on the file. False where the system does not say.</summary>
    public static bool IsHeld(string path)
    {
        if (!OperatingSystem.IsLinux() || !FileFacts.TryOf(path, out var facts, out _))
        {
            return false;
        }

        var (major, minor) = (facts.Device >> 32, facts.Device & uint.MaxValue);
        var file = string.Create(CultureInfo.InvariantCulture, $" {major:x2}:{minor:x2}:{facts.Inode} ");
        try
        {
            return File.ReadLines(List).Any(line =>
                line.Contains(" FLOCK ", StringComparison.Ordinal) && line.Contains(file, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
