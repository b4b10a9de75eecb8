using System.Text;
using System.Text.Json;
using Agent.Tests.Support;
using CloudWatch.Patterns;
using Xunit;

namespace Agent.Tests.Patterns;

/// <summary>Filter patterns mean what the service was documented and seen to make of them.</summary>
public sealed class PatternVectorTests
{
    /// <param name="source">How the outcomes are known; INF stands for those that were only inferred.</param>
    [Theory]
    [InlineData("DOC", 103)]
    [InlineData("DOC*", 64)]
    [InlineData("OBS", 1727)]
    [InlineData("ISS", 10)]
    [InlineData("INF", 17)]
    public void APatternMatchesWhatTheServiceMatches(string source, int expected)
    {
        var vectors = Vectors.Read("filter-vectors.jsonl", rows: 1921)
            .Where(vector => vector.GetProperty("source").GetString() == source).ToList();
        var differing = vectors.Select(Difference).OfType<string>().ToList();

        Assert.Equal(expected, vectors.Count);
        Assert.True(differing.Count == 0, $"{differing.Count} differ:\n{string.Join('\n', differing)}");
    }

    static string? Difference(JsonElement vector)
    {
        var message = Encoding.UTF8.GetBytes(vector.GetProperty("message").GetString()!);
        var written = vector.GetProperty("pattern").GetString()!;
        var isPattern = FilterPattern.TryParse(written, out var pattern, out var fault);
        var outcome = !isPattern ? "error" : pattern!.Matcher().Matches(message) ? "True" : "False";
        if (outcome != vector.GetProperty("match").ToString())
            return $"{vector} gives {outcome} {fault}";

        return outcome == "True" && vector.GetProperty("extracted") is { ValueKind: JsonValueKind.Object } extracted
            ? Difference(extracted, pattern!.Tree.Extract(message))
            : null;
    }

    static string? Difference(JsonElement expected, IReadOnlyList<KeyValuePair<string, string>> given)
    {
        var wanted = string.Join("; ", expected.EnumerateObject().Select(one => $"{one.Name}={one.Value}"));
        var got = string.Join("; ", given.Select(one => $"{one.Key}={one.Value}"));
        return wanted == got ? null : $"{expected} gives {got}";
    }
}
