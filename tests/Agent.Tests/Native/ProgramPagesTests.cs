using Agent.Native;
using Xunit;

namespace Agent.Tests.Native;

/// <summary>The memory of the program itself is given back, where that changes nothing.</summary>
public sealed class ProgramPagesTests
{
    [Fact]
    public void OnlyWhatIsAsItStandsInItsFileIsLetGo()
    {
        var found = Unchanged(
        [
            "1000-3000 r-xp 00001000 fe:01 77       /usr/bin/vigil", "Rss:  8 kB", "Private_Dirty:         0 kB",
            "Anonymous:             0 kB", "Swap:                  0 kB",
            "3000-4000 r-xp 00003000 fe:01 77       /usr/bin/written", "Private_Dirty:         4 kB",
            "4000-5000 r-xp 00003000 fe:01 77       /usr/bin/swapped", "Private_Dirty:         0 kB",
            "Anonymous:             0 kB", "Swap:                  4 kB",
            "5000-6000 r-xp 00003000 fe:01 77       /usr/bin/swapped-in", "Private_Dirty:         0 kB",
            "Anonymous:             4 kB", "Swap:                  0 kB",
            "6000-7000 rwxp 00004000 fe:01 77       /usr/bin/vigil", "Private_Dirty:         0 kB",
            "8000-9000 r-xp 00000000 00:00 0        [vdso]", "Private_Dirty:         0 kB",
            "9000-a000 r-xp 00000000 fe:01 79       /usr/lib/a name", "Private_Dirty:         0 kB"
        ]);

        Assert.Equal([(0x1000, 0x2000), (0x9000, 0x1000)], found);
    }

    [Fact]
    public void ConstantsAreLetGoWhereAllOfTheirFileIsLoaded()
    {
        var found = Unchanged(
        [
            "1000-2000 r--p 00000000 fe:01 78       /usr/lib/library", "Private_Dirty:         0 kB",
            "2000-3000 r-xp 00001000 fe:01 78       /usr/lib/library", "Private_Dirty:         0 kB",
            "3000-4000 r--p 00002000 fe:01 78       /usr/lib/library", "Private_Dirty:         0 kB",
            "4000-5000 r--p 00003000 fe:01 78       /usr/lib/library", "Private_Dirty:         4 kB",
            "5000-6000 rw-p 00004000 fe:01 78       /usr/lib/library", "Private_Dirty:         4 kB",
            "6000-7000 rw-p 00000000 00:00 0 ",
            "7000-9000 r--p 00000000 fe:01 79       /usr/lib/being-loaded", "Private_Dirty:         0 kB",
            "9000-a000 r-xp 00001000 fe:01 79       /usr/lib/being-loaded", "Private_Dirty:         0 kB",
            "a000-b000 rw-p 00000000 00:00 0 ",
            "b000-c000 rw-p 00000000 fe:01 80       /usr/lib/other", "Private_Dirty:         0 kB",
            "c000-d000 r--p 00000000 fe:01 81       /etc/ld.so.cache", "Private_Dirty:         0 kB"
        ]);

        Assert.Equal([(0x1000, 0x1000), (0x2000, 0x1000), (0x3000, 0x1000), (0x9000, 0x1000)], found);
    }

    [Fact]
    public void AMapIsReadHoweverLongItIs()
    {
        var found = Unchanged(
        [
            .. Enumerable.Range(1, 500).SelectMany(i => new[]
            {
                $"{i:x}000-{i + 1:x}000 r-xp 00001000 fe:01 77       /usr/bin/vigil", "Private_Dirty:         0 kB",
                $"Swap:                  {i % 2} kB"
            })
        ]);

        Assert.Equal(Enumerable.Range(1, 250).Select(i => ((nint)i * 0x2000, (nint)0x1000)), found);
    }

    [Fact]
    public void TheProgramRunsOnWithoutIt()
    {
        var before = ResidentKibibytes();
        ProgramPages.LetGo();

        Assert.True(ResidentKibibytes() < before);
    }

    static List<(nint Start, nint Length)> Unchanged(string[] lines)
    {
        using var map = new StringReader(string.Concat(lines.Select(line => line + "\n")));
        return ProgramPages.Unchanged(map);
    }

    // Of code, by what the kernel says of files.
    static int ResidentKibibytes() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("RssFile:", StringComparison.Ordinal))
        .Sum(line => int.Parse(
            line.AsSpan("RssFile:".Length).Trim()[..^3], System.Globalization.CultureInfo.InvariantCulture));
}
