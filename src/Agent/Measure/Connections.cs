using System.Globalization;
using Agent.Native;

namespace Agent.Measure;

/// <summary>What the kernel's connection tracking tells of a host that translates addresses.</summary>
static class Connections
{
    static readonly string Table = "/proc/net/nf_conntrack";
    static readonly string Statistics = "/proc/net/stat/nf_conntrack";

    /// <summary>Whether the kernel keeps track of connections.</summary>
    public static bool AreTracked => File.Exists(Statistics);

    /// <summary>How many TCP connections are open through this host, with an address that it put in the place of
    /// their own. Where the kernel has no file of them the program conntrack is asked.</summary>
    /// <exception cref="MeasureException">Neither tells.</exception>
    public static async Task<int> CountAsync(TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var open = 0;
            await foreach (var line in File.ReadLinesAsync(Table, cancel))
            {
                open += IsOpenAndTranslated(line) ? 1 : 0;
            }

            return open;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            var open = 0;
            await Tool.RunLinesAsync(
                "conntrack", ["-L", "-p", "tcp", "--state", "ESTABLISHED", "--src-nat"],
                line => open += IsOpenAndTranslated(line) ? 1 : 0, time, cancel);
            return open;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeasureException($"{Table} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>How many connections could not be made because no port was free to make them from: two of them would
    /// have been the same to the kernel.</summary>
    /// <exception cref="MeasureException">The kernel does not tell.</exception>
    public static Counter Refused()
    {
        try
        {
            var refused = SumOf(File.ReadAllLines(Statistics), "insert_failed");
            return new("conntrack", refused, Host.BootId(), Bits: 32);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new MeasureException($"{Statistics} cannot be read: is connection tracking on? {e.Message}", e);
        }
    }

    /// <summary>Whether a line of the table is of an established TCP connection whose answers go to another address
    /// than the one it came from.</summary>
    public static bool IsOpenAndTranslated(string line) =>
        line.Contains(" ESTABLISHED ", StringComparison.Ordinal)
        && Nth(line, " src=", 1) is { } from && Nth(line, " dst=", 2) is { } answered && from != answered;

    /// <summary>The sum of a column: names in the first line, below it a line of hexadecimal numbers for each
    /// processor.</summary>
    /// <exception cref="FormatException">There is no such column.</exception>
    public static ulong SumOf(string[] lines, string column)
    {
        var at = Array.IndexOf(Cells(lines.FirstOrDefault("")), column);
        return at < 0 ? throw new FormatException($"it has no column {column}") : lines[1..].Aggregate(
            0UL,
            (sum, line) => sum + ulong.Parse(
                Cells(line).ElementAtOrDefault(at) ?? "", NumberStyles.HexNumber, CultureInfo.InvariantCulture));

        static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    static string? Nth(string line, string label, int nth)
    {
        var at = -1;
        for (var i = 0; i < nth; i++)
        {
            at = line.IndexOf(label, at + 1, StringComparison.Ordinal);
            if (at < 0)
            {
                return null;
            }
        }

        var from = at + label.Length;
        var end = line.IndexOf(' ', from);
        return end < 0 ? line[from..] : line[from..end];
    }
}
