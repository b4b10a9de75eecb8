using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Agent.Tests.Matching;
using CloudWatch.Patterns;
using CloudWatch.Patterns.Delimited;
using CloudWatch.Patterns.Json;
using CloudWatch.Patterns.Terms;

namespace Agent.Tests.Patterns;

/// <summary>What a pattern means, said in the plainest way: strings, documents and no thought of speed.</summary>
static class PlainPattern
{
    public static bool Matches(PatternTree tree, string message) => tree switch
    {
        TermsTree terms => Matches(terms, message),
        JsonTree json => Matches(json, message),
        _ => Matches((DelimitedTree)tree, message)
    };

    static bool Matches(TermsTree terms, string message) =>
        terms.All.All(term => IsIn(term, message))
        && !terms.None.Any(term => IsIn(term, message))
        && (terms.AnyOf.Count == 0 || terms.AnyOf.Any(term => IsIn(term, message)));

    static bool IsIn(Comparand term, string message) => term is RegexComparand regex
        ? PlainReading.IsIn(message, regex.Expression)
        : message.Contains(((TextComparand)term).Text, StringComparison.Ordinal);

    static bool Matches(JsonTree tree, string message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && Holds(tree.Clause, condition => Holds((JsonCondition)condition, document.RootElement));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool Holds(Clause clause, Func<Clause, bool> condition) => clause switch
    {
        AllOf all => all.Clauses.All(one => Holds(one, condition)),
        AnyOf any => any.Clauses.Any(one => Holds(one, condition)),
        _ => condition(clause)
    };

    static bool Holds(JsonCondition condition, JsonElement root)
    {
        List<JsonElement> selected = [root];
        foreach (var step in condition.Path.Steps)
            selected = [.. selected.SelectMany(value => Step(value, step))];

        return condition switch
        {
            JsonComparison comparison => selected.Any(value => Compares(value, comparison.Test)),
            JsonIs { Keyword: JsonKeyword.Null } => selected.Any(value => value.ValueKind == JsonValueKind.Null
                || (value.ValueKind == JsonValueKind.Array
                    && value.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.Null))),
            JsonIs { Keyword: JsonKeyword.True } => selected.Any(value => value.ValueKind == JsonValueKind.True),
            JsonIs => selected.Any(value => value.ValueKind == JsonValueKind.False),
            _ => selected.Count == 0
        };
    }

    static IEnumerable<JsonElement> Step(JsonElement value, JsonStep step) => (step, value.ValueKind) switch
    {
        (KeyStep key, JsonValueKind.Object) => value.TryGetProperty(key.Key, out var member) ? [member] : [],
        (IndexStep index, JsonValueKind.Array) =>
            index.Index < value.GetArrayLength() ? [value[index.Index]] : [],
        (EveryStep, JsonValueKind.Object) => value.EnumerateObject().Select(member => member.Value),
        (EveryStep, JsonValueKind.Array) => value.EnumerateArray(),
        _ => []
    };

    static bool Compares(JsonElement value, ValueTest test) => value.ValueKind switch
    {
        JsonValueKind.Number => Compares(value.GetRawText(), test, mayBeNumber: true),
        JsonValueKind.String => Compares(value.GetString()!, test, mayBeNumber: false),
        _ => false
    };

    static bool Compares(string text, ValueTest test, bool mayBeNumber)
    {
        var number = mayBeNumber && Regex.IsMatch(text, @"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")
            ? double.Parse(text, CultureInfo.InvariantCulture) : double.NaN;
        var wanted = (test.Comparand as NumberComparand)?.Number ?? double.NaN;
        return test.Comparison switch
        {
            Comparison.Equal => IsEqual(text, test.Comparand, number),
            Comparison.NotEqual => !IsEqual(text, test.Comparand, number),
            Comparison.Less => number < wanted,
            Comparison.AtMost => number <= wanted,
            Comparison.Greater => number > wanted,
            _ => number >= wanted
        };
    }

    static bool IsEqual(string text, Comparand comparand, double number) => comparand switch
    {
        NumberComparand wanted => double.IsNaN(number) ? text == wanted.Text : number == wanted.Number,
        TextComparand wanted => text == wanted.Text,
        WildcardComparand wanted => Regex.IsMatch(
            text, $@"\A{Regex.Escape(wanted.Text).Replace("\\*", ".*", StringComparison.Ordinal)}\z",
            RegexOptions.Singleline),
        _ => PlainReading.IsIn(text, ((RegexComparand)comparand).Expression)
    };

    static bool Matches(DelimitedTree tree, string message)
    {
        // What closes a quote or bracket is followed by white space or nothing.
        var found = Regex.Matches(
            message,
            """
            (?<=^|\s)(?:"(?<v>[\s\S]*?)"(?!\S)|\[(?<v>[\s\S]*?)\](?!\S)|(?<v>\S+))
            """);
        var values = found.Select(one => one.Groups["v"].Value).ToList();
        var named = tree.Fields.ToList();
        if (values.Count < named.Count)
            return false;
        if (tree.Last is null && values.Count > named.Count)
            values[named.Count - 1] = message[found[named.Count - 1].Index..].TrimEnd(' ', '\t', '\r', '\n');

        return named.Index().All(field => field.Item.Condition is null || Holds(
            field.Item.Condition,
            condition => Compares(
                values[field.Index < tree.First.Count ? field.Index : values.Count - named.Count + field.Index],
                ((FieldCondition)condition).Test, mayBeNumber: true)));
    }
}
