using System.Globalization;
using Agent.Native;

namespace Agent.Measure;

/// <summary>What rules of iptables count, as the program iptables-save tells it: <c>[packets:bytes] -A CHAIN …</c>.
/// </summary>
static class IptablesCounters
{
    const string Comment = "--comment ";
    const int Bits = 64;

    /// <summary>Each by the comment of its rule; of rules with the same comment their sum.</summary>
    /// <exception cref="MeasureException">iptables-save does not tell.</exception>
    public static async Task<IReadOnlyDictionary<string, Counter>> ReadAsync(
        TimeProvider time, CancellationToken cancel) =>
        Parse(await Tool.RunAsync("iptables-save", ["-c"], time, cancel), Host.BootId());

    public static IReadOnlyDictionary<string, Counter> Parse(string text, string bootId)
    {
        var counters = new Dictionary<string, Counter>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (CommentOf(line) is { } comment && BytesOf(line) is { } bytes)
            {
                var before = counters.GetValueOrDefault(comment).Value;
                counters[comment] = new(before + bytes, bootId, Bits);
            }
        }

        return counters;
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
