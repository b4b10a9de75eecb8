using System.Globalization;
using Agent.Native;

namespace Agent.Measure;

/// <summary>What rules of iptables count, as the program iptables-save tells it: <c>[packets:bytes] -A CHAIN …</c>.
/// </summary>
static class IptablesCounters
{
    const string Comment = "--comment ";
    const int Bits = 64;

    /// <summary>Those of rules, by the rules' comment.</summary>
    /// <exception cref="MeasureException">iptables-save does not tell.</exception>
    public static async Task<ILookup<string, Counter>> ReadAsync(
        TimeProvider time, CancellationToken cancel) =>
        Parse(await Tool.RunAsync("iptables-save", ["-c"], time, cancel), Host.BootId());

    public static ILookup<string, Counter> Parse(string text, string bootId)
    {
        var counters = new List<(string Comment, Counter Counter)>();
        var (table, seen) = ("", new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var line in text.Split('\n'))
        {
            table = line.StartsWith('*') ? line : table;
            if (CommentOf(line) is { } comment && BytesOf(line) is { } bytes)
            {
                // A rule is known by what it says; of several that say the same by which it is.
                var rule = $"iptables {table}{line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..]}";
                var number = seen[rule] = seen.GetValueOrDefault(rule) + 1;
                counters.Add((comment, new($"{rule} {number}", bytes, bootId, Bits)));
            }
        }

        return counters.ToLookup(one => one.Comment, one => one.Counter, StringComparer.Ordinal);
    }

    static ulong? BytesOf(string line)
    {
        var (colon, end) = (line.IndexOf(':', StringComparison.Ordinal), line.IndexOf(']', StringComparison.Ordinal));
        return line.StartsWith('[') && colon > 0 && end > colon
            && ulong.TryParse(line.AsSpan(colon + 1, end - colon - 1), CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : null;
    }

    // In quotes where it has blanks, and then with \ before a quote.
    static string? CommentOf(string line)
    {
        var at = line.IndexOf(Comment, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var rest = line[(at + Comment.Length)..];
        if (!rest.StartsWith('"'))
        {
            return rest.Split(' ')[0];
        }

        var end = 1;
        while (end < rest.Length && rest[end] != '"')
        {
            end += rest[end] == '\\' ? 2 : 1;
        }

        return rest[1..Math.Min(end, rest.Length)].Replace("\\", "", StringComparison.Ordinal);
    }
}
