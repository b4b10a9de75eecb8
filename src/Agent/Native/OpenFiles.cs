using System.Runtime.InteropServices;

namespace Agent.Native;

/// <summary>How many files this process may have open.</summary>
static class OpenFiles
{
    const int NoFile = 7; // RLIMIT_NOFILE
    const ulong Usual = 1024;

    /// <summary>Raises the limit as far as the system lets us, and says how many more may be opened then.</summary>
    public static long RaiseLimit() => Limited() - OpenNow();

    static long Limited()
    {
        if (!OperatingSystem.IsLinux() || Libc.GetLimit(NoFile, out var limit) != 0)
        {
            return (long)Usual;
        }

        if (limit.Soft < limit.Hard)
        {
            var raised = limit with { Soft = limit.Hard };
            limit = Libc.SetLimit(NoFile, raised) == 0 ? raised : limit;
        }

        return (long)Math.Min(limit.Soft, long.MaxValue);
    }

    static long OpenNow()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    public record struct Limit(ulong Soft, ulong Hard);
}
