using System.Globalization;

namespace Agent.Native;

/// <summary>The memory that the program itself takes: its code, and the code of its libraries.</summary>
static class ProgramPages
{
    const int NotNeeded = 4; // MADV_DONTNEED

    /// <summary>Lets go of all of it that is as it stands in the files. What runs next is there again at once, from the
    /// page cache.</summary>
    /// <remarks>Around each page that runs for the first time the kernel maps fifteen more, and most of what runs at
    /// the start never runs again: two thirds of the resident code of a quiet agent (measured).</remarks>
    public static void LetGo()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            foreach (var (start, length) in Unchanged(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath))
            {
                _ = Libc.Advise(start, length, NotNeeded); // where the system has it otherwise, it costs memory only
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // it is a matter of memory only
        }
    }

    /// <summary>The code and the constants of files in which this process has changed nothing and cannot: what is not
    /// there any more is read again.</summary>
    /// <remarks>Of libraries the code only: while one is loaded, what may be read only is mapped and unmapped at places
    /// that other memory takes next. Where the loader has written, as into tables of addresses, it tells of
    /// change.</remarks>
    /// <param name="map">The lines of /proc/self/smaps.</param>
    /// <param name="program">The path of this program.</param>
    public static List<(nint Start, nint Length)> Unchanged(IEnumerable<string> map, string? program)
    {
        List<(nint Start, nint Length)> unchanged = [];
        (nint Start, nint Length)? current = null;
        foreach (var line in map)
        {
            if (line.Length > 0 && char.IsAsciiHexDigitLower(line[0]))
            {
                Keep();
                current = CodeOf(line, program);
            }
            else if (TellsOfChange(line))
            {
                current = null;
            }
        }

        Keep();
        return unchanged;

        void Keep() => unchanged.AddRange(current is { } code ? [code] : []);
    }

    // A page of the process's own, be it in memory, swapped out, or shared with a child.
    static bool TellsOfChange(string line) => line.Split(':', StringSplitOptions.TrimEntries) is
        ["Private_Dirty" or "Shared_Dirty" or "Anonymous" or "Swap", not "0 kB"];

    // As "7f12a000-7f12c000 r-xp 00002000 fe:01 1234   /usr/lib/libc.so.6". Null for what is none, or no file.
    static (nint Start, nint Length)? CodeOf(string line, string? program)
    {
        var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields is not [var range, var access, _, _, not "0", var path]
            || !(access == "r-xp" || (access == "r--p" && path == program)))
        {
            return null;
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var start = nint.Parse(range.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var end = nint.Parse(range.AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (start, end - start);
    }
}
