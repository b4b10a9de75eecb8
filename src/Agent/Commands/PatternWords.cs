using System.Text;
using CloudWatch.Patterns;
using CloudWatch.Patterns.Delimited;
using CloudWatch.Patterns.Json;
using CloudWatch.Patterns.Terms;

namespace Agent.Commands;

/// <summary>A piece of a pattern in words.</summary>
/// <param name="Depth">How deep it lies inside the others.</param>
/// <param name="Holds">Whether it holds for a message; null for what joins others.</param>
/// <param name="Found">What the message has in its place; empty where that says nothing.</param>
sealed record PatternPart(
    int Depth, string Words, Func<byte[], bool>? Holds = null, Func<byte[], string>? Found = null);

/// <summary>Puts patterns into words. Whether a piece holds is asked of a pattern that consists of it alone.</summary>
static class PatternWords
{
    public static IEnumerable<PatternPart> Of(PatternTree tree) => tree switch
    {
        TermsTree terms => Of(terms),
        JsonTree json => Of(json),
        _ => Of((DelimitedTree)tree)
    };

    static IEnumerable<PatternPart> Of(TermsTree tree)
    {
        if (tree.All.Count + tree.None.Count + tree.AnyOf.Count == 0)
        {
            return [new(0, "Every line.")];
        }

        return
        [
            .. Terms(tree.All, "A line in which all of these are, in any order:", term => new([term], [], [])),
            .. Terms(
                tree.None, tree.All.Count == 0 ? "A line" : "and", term => new([], [term], []), "without "),
            .. Terms(tree.AnyOf, "A line in which one of these is:", term => new([], [], [term])),
            .. tree.Ignored.Select(term => new PatternPart(
                0, $"?{term} means nothing: it stands beside terms without a question mark."))
        ];
    }

    static IEnumerable<PatternPart> Terms(
        IReadOnlyList<Comparand> terms, string heading, Func<Comparand, TermsTree> alone, string sign = "")
    {
        if (terms.Count == 0)
        {
            yield break;
        }

        yield return new(0, heading);
        foreach (var term in terms)
        {
            yield return new(1, sign + Words(term), Holding(alone(term)));
        }
    }

    static IEnumerable<PatternPart> Of(JsonTree tree)
    {
        yield return new(
            0, "A line that is one JSON object in which",
            Holding(new JsonTree(new AnyOf([Always, new JsonMissing(Always.Path)]))));
        foreach (var part in Of(tree.Clause, 1, condition => Part((JsonCondition)condition)))
        {
            yield return part;
        }
    }

    // Of any object either this holds or its opposite.
    static JsonComparison Always { get; } = new(
        new([new KeyStep("a")]), new(Comparison.Equal, new WildcardComparand("*", IsQuoted: false)));

    static PatternPart Part(JsonCondition condition)
    {
        var said = condition switch
        {
            JsonComparison comparison => Words(comparison.Test),
            JsonIs { Keyword: JsonKeyword.Null } => "is null, or an array with a null in it",
            JsonIs { Keyword: JsonKeyword.True } => "is true",
            JsonIs => "is false",
            _ => "does not exist"
        };
        var any = condition.Path.HasWildcard ? " (one of them is enough)" : "";
        return new(0, $"{condition.Path} {said}{any}", Holding(new JsonTree(condition)), Value(condition.Path));
    }

    static Func<byte[], string>? Value(JsonPath path)
    {
        if (path.HasWildcard)
        {
            return null;
        }

        // Asked of any object, so that the value is found where the condition does not hold.
        var matcher = new JsonTree(new JsonMissing(path)).Matcher([new PathSelector(path)]);
        return message =>
        {
            var isMissing = matcher.Matches(message);
            return isMissing ? ": there is none"
                : matcher.TryGetValue(0, message, out var value) ? $": it is {Encoding.UTF8.GetString(value)}" : "";
        };
    }

    static IEnumerable<PatternPart> Of(DelimitedTree tree)
    {
        var fields = tree.Fields.ToList();
        var count = $"{fields.Count} field{(fields.Count == 1 ? "" : "s")}";
        yield return new(
            0, fields.Count == 0 ? "Every line; its fields are $1, $2 and so on."
                : $"A line with at least {count}, with blanks between them, text in quotes or brackets being one:",
            Holding(Without(tree, _ => null)),
            message => fields.Count == 0 ? "" : $" it has {new DelimitedTree([], []).Extract(message).Count}");
        foreach (var (index, field) in fields.Index())
        {
            if (index == tree.First.Count)
            {
                yield return new(1, "... any others");
            }

            var rest = tree.Last is null && index == fields.Count - 1 ? " and all that follows" : "";
            yield return new(1, $"{field.Name}{rest}");
            if (field.Condition is { } asked)
            {
                foreach (var part in Of(asked, 2, condition => Part(tree, field, condition)))
                {
                    yield return part;
                }
            }
        }
    }

    static PatternPart Part(DelimitedTree tree, Field field, Clause condition)
    {
        var alone = Without(tree, one => one.Name == field.Name ? condition : null);
        var matcher = Without(tree, _ => null).Matcher([new FieldSelector(field.Name)]);
        return new(
            0, Words(((FieldCondition)condition).Test), Holding(alone),
            message => matcher.Matches(message) && matcher.TryGetValue(0, message, out var value)
                ? $": it is {Encoding.UTF8.GetString(value)}" : "");
    }

    static DelimitedTree Without(DelimitedTree tree, Func<Field, Clause?> condition) => new(
        [.. tree.First.Select(field => field with { Condition = condition(field) })],
        tree.Last?.Select(field => field with { Condition = condition(field) }).ToList());

    static IEnumerable<PatternPart> Of(Clause clause, int depth, Func<Clause, PatternPart> part)
    {
        var (heading, clauses) = clause switch
        {
            AllOf all => ("all of these hold:", all.Clauses),
            AnyOf any => ("one of these holds:", any.Clauses),
            _ => ("", [])
        };
        return clauses.Count == 0
            ? [part(clause) with { Depth = depth }]
            : [new(depth, heading), .. clauses.SelectMany(one => Of(one, depth + 1, part))];
    }

    static string Words(ValueTest test) => (test.Comparison, test.Comparand) switch
    {
        (Comparison.Equal, WildcardComparand { Text: "*" }) => "is any number or text",
        (Comparison.Equal, WildcardComparand wildcard) => $"is a text like \"{wildcard.Text}\"",
        (Comparison.NotEqual, WildcardComparand wildcard) => $"is there, and no text like \"{wildcard.Text}\"",
        (Comparison.Equal, RegexComparand regex) => $"has {Words(regex)} in it",
        (Comparison.NotEqual, RegexComparand regex) => $"is there, and has not {Words(regex)} in it",
        (Comparison.Equal, _) => $"is {test.Comparand}",
        (Comparison.NotEqual, _) => $"is there, and not {test.Comparand}",
        (Comparison.Less, _) => $"is a number less than {test.Comparand}",
        (Comparison.AtMost, _) => $"is a number of at most {test.Comparand}",
        (Comparison.Greater, _) => $"is a number greater than {test.Comparand}",
        _ => $"is a number of at least {test.Comparand}"
    };

    static string Words(Comparand comparand) => comparand switch
    {
        RegexComparand regex => $"the regular expression {regex.Text}",
        TextComparand text => $"\"{text.Text}\"",
        _ => $"{comparand}"
    };

    static Func<byte[], bool> Holding(PatternTree tree)
    {
        var matcher = tree.Matcher([]);
        return message => matcher.Matches(message);
    }
}
