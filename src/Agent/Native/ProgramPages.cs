using System.Globalization;

namespace Agent.Native;

/// <summary>The memory that the program itself takes and its libraries: code and constants.</summary>
static class ProgramPages
{
    const int NotNeeded = 4; // MADV_DONTNEED

    /// <summary>Lets go of all of it that is as it stands in the files. What runs next is there again at once, from the
    /// page cache.</summary>
    /// <remarks>Around each page that is used for the first time the kernel maps fifteen more, and most of what is used
    /// at the start is never used again: two thirds of the resident code of a quiet agent, and 2.7 of 6.9 MB of
    /// libraries (measured).</remarks>
    public static void LetGo()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            foreach (var (start, length) in Unchanged(File.ReadLines("/proc/self/smaps")))
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
    /// <remarks>While a library is loaded, its places are mapped as constants first, and then by what else it has: so
    /// they are constants only where all of it is there, up to its variables, which come last. Where the loader has
    /// written, as into tables of addresses, it tells of change.</remarks>
    /// <param name="map">The lines of /proc/self/smaps.</param>
    public static List<(nint Start, nint Length)> Unchanged(IEnumerable<string> map)
    {
        var mappings = Read(map);
        return
        [
            .. from one in mappings.Index()
               where !one.Item.IsChanged && (one.Item.Access == "r-xp"
                   || (one.Item.Access == "r--p" && AreVariablesBehind(mappings, one.Index)))
               select (one.Item.Start, one.Item.Length)
        ];
    }

    static bool AreVariablesBehind(List<Mapping> mappings, int index) =>
        mappings.Skip(index).TakeWhile(one => one.File == mappings[index].File).Any(one => one.Access == "rw-p");

    // Of files only.
    static List<Mapping> Read(IEnumerable<string> map)
    {
        List<Mapping> mappings = [];
        var isOfFile = false;
        foreach (var line in map)
        {
            if (line.Length > 0 && char.IsAsciiHexDigitLower(line[0]))
            {
                isOfFile = TryRead(line, out var mapping);
                mappings.AddRange(isOfFile ? [mapping] : []);
            }
            else if (isOfFile && TellsOfChange(line))
            {
                mappings[^1] = mappings[^1] with { IsChanged = true };
            }
        }

        return mappings;
    }

    // A page of the process's own, be it in memory, swapped out, or shared with a child.
    static bool TellsOfChange(string line) => line.Split(':', StringSplitOptions.TrimEntries) is
        ["Private_Dirty" or "Shared_Dirty" or "Anonymous" or "Swap", not "0 kB"];

    // As "7f12a000-7f12c000 r-xp 00002000 fe:01 1234   /usr/lib/libc.so.6".
    static bool TryRead(string line, out Mapping mapping)
    {
        mapping = default;
        var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields is not [var range, var access, _, _, not "0", var path])
        {
            return false;
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var start = nint.Parse(range.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var end = nint.Parse(range.AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        mapping = new(start, end - start, access, path, IsChanged: false);
        return true;
    }

    readonly record struct Mapping(nint Start, nint Length, string Access, string File, bool IsChanged);
}
