using Agent.Config.Checking;

namespace Agent.Config;

/// <summary>A key that a configuration may have.</summary>
/// <param name="Path">From the document's root; [] stands for each item of a list.</param>
/// <param name="Means">What it is.</param>
/// <param name="Allowed">What its value may be.</param>
/// <param name="Needed">What is wrong without it; null where it may be left out.</param>
/// <param name="NotServed">What happens instead, for what is the CloudWatch agent's alone; null where it is
/// served.</param>
/// <param name="Within">The names of the keys that stand in it, or in each of its items.</param>
/// <param name="Values">What some of its values mean.</param>
public sealed record KnownKey(
    string Path, string Means, string Allowed, string? Needed, string? NotServed, IReadOnlyList<string> Within,
    IReadOnlyList<(string Value, string Means)> Values);

/// <summary>All keys that a configuration may have, by the tables that it is checked with.</summary>
public static class ConfigurationKeys
{
    /// <summary>In the order of the tables, each before those within it.</summary>
    public static IReadOnlyList<KnownKey> All { get; } = [.. In(DocumentKeys.Document, "")];

    /// <summary>A JSON Schema (draft 2020-12), by which an editor offers keys and marks what is wrong.</summary>
    public static string Schema()
    {
        var schema = DocumentKeys.Document.ToSchema();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A configuration of the Amazon CloudWatch agent, as Vigil reads it");
        return schema.ToJsonString(new()
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        });
    }

    static IEnumerable<KnownKey> In(Section section, string path)
    {
        foreach (var key in section.Keys)
        {
            var own = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
            var (item, at) = key.Shape is ListOf list ? (list.Item, own + "[]") : (key.Shape, own);
            var within = item as Section;
            yield return new(
                own, key.Means, key.Shape.Allowed, key.Needed, key.NotServed,
                [.. within?.Keys.Select(inner => inner.Name) ?? []], key.Values);
            foreach (var inner in within is null ? [] : In(within, at))
                yield return inner;
        }
    }
}
