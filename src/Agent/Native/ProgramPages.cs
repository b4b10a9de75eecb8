using System.Globalization;

namespace Agent.Native;

/// <summary>The memory that the program itself takes and its libraries: code and constants.</summary>
static class ProgramPages
{
    const int NotNeeded = 4; // MADV_DONTNEED

    // The longest path and what stands before it. What is behind a longer one stays.
    const int LongestLine = 4096 + 128;

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
            using var map = File.OpenText("/proc/self/smaps");
            foreach (var (start, length) in Unchanged(map))
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
    /// <param name="map">/proc/self/smaps.</param>
    public static List<(nint Start, nint Length)> Unchanged(TextReader map)
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

    // Those of files. No string for each line: they are half a mebibyte.
    static List<Mapping> Read(TextReader map)
    {
        List<Mapping> mappings = [];
        var isOfFile = false;
        Span<char> buffer = stackalloc char[LongestLine];
        for (int held = 0, read = 1; read > 0 && held < buffer.Length;)
        {
            read = map.Read(buffer[held..]);
            ReadOnlySpan<char> lines = buffer[..(held + read)];
            for (int end; (end = lines.IndexOf('\n')) >= 0; lines = lines[(end + 1)..])
            {
                Take(lines[..end], mappings, ref isOfFile);
            }

            lines.CopyTo(buffer);
            held = lines.Length;
        }

        return mappings;
    }

    static void Take(ReadOnlySpan<char> line, List<Mapping> mappings, ref bool isOfFile)
    {
        if (line.Length > 0 && char.IsAsciiHexDigitLower(line[0]))
        {
            isOfFile = TryRead(line, out var mapping);
            if (isOfFile)
            {
                mappings.Add(mapping);
            }
        }
        else if (isOfFile && TellsOfChange(line))
        {
            mappings[^1] = mappings[^1] with { IsChanged = true };
        }
    }

    // A page of the process's own, be it in memory, swapped out, or shared with a child.
    static bool TellsOfChange(ReadOnlySpan<char> line) => !line.EndsWith(" 0 kB")
        && (line.StartsWith("Private_Dirty:") || line.StartsWith("Shared_Dirty:") || line.StartsWith("Anonymous:")
            || line.StartsWith("Swap:"));

    // As "7f12a000-7f12c000 r-xp 00002000 fe:01 1234   /usr/lib/libc.so.6".
    static bool TryRead(ReadOnlySpan<char> line, out Mapping mapping)
    {
        mapping = default;
        Span<Range> fields = stackalloc Range[6];
        var count = line.Split(
            fields, ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (count < fields.Length || line[fields[4]] is "0")
        {
            return false;
        }

        var range = line[fields[0]];
        var dash = range.IndexOf('-');
        var start = nint.Parse(range[..dash], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var end = nint.Parse(range[(dash + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        mapping = new(start, end - start, line[fields[1]].ToString(), line[fields[5]].ToString(), IsChanged: false);
        return true;
    }

    readonly record struct Mapping(nint Start, nint Length, string Access, string File, bool IsChanged);
}
