using System.Text.Json;
using Agent.Native;

namespace Agent.Measure;

/// <summary>Named counters of nftables, as the program nft tells them. Source: libnftables-json(5).</summary>
static class NftCounters
{
    const int Bits = 64;

    /// <summary>Each by family, table and name with blanks in between.</summary>
    /// <exception cref="MeasureException">nft does not tell.</exception>
    public static async Task<IReadOnlyDictionary<string, Counter>> ReadAsync(
        TimeProvider time, CancellationToken cancel) =>
        Parse(await Tool.RunAsync("nft", ["--json", "list", "counters"], time, cancel), Host.BootId());

    /// <exception cref="MeasureException">It is not what nft prints.</exception>
    public static IReadOnlyDictionary<string, Counter> Parse(string json, string bootId)
    {
        try
        {
            var counters = new Dictionary<string, Counter>(StringComparer.Ordinal);
            using var document = JsonDocument.Parse(json);
            foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
            {
                if (item.TryGetProperty("counter", out var counter))
                {
                    // A rule set that is loaded again may have the same handles: then less than before tells of it.
                    var name = $"{Text(counter, "family")} {Text(counter, "table")} {Text(counter, "name")}";
                    counters[name] = new(
                        $"nft {name}", counter.GetProperty("bytes").GetUInt64(),
                        $"{bootId}/{counter.GetProperty("handle").GetUInt64()}", Bits);
                }
            }

            return counters;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new MeasureException("nft printed something else than its counters", e);
        }
    }

    static string? Text(JsonElement counter, string name) => counter.GetProperty(name).GetString();
}
