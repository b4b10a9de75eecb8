using CsCheck;

namespace Agent.Tests.Patterns;

/// <summary>Patterns of all three forms, and messages that they may match.</summary>
static class RandomPatterns
{
    static readonly Gen<string> Regexes = OneOf(
        "a", "ab", "^a", "b$", "a.b", "[ab]+", "[^a]", "a|b", "a{2}", "a{,2}b", "\\d", "\\w+", "\\x61b", "a?b", ".*");

    static readonly Gen<string> Terms = Gen.OneOf(
        OneOf("a", "b", "ab", "ERROR", "\"a b\"", "\" \"", "\"é\\\"\"", "a-b"), Regexes.Select(one => $"%{one}%"));

    public static readonly Gen<string> TermPatterns =
        Gen.Select(OneOf("", "-", "?"), Terms).Select((sign, term) => sign + term)
            .Array[0, 4].Select(terms => AtMostTwoRegexes(string.Join(' ', terms)));

    public static readonly Gen<string> Lines = OneOf(
            "a", "b", "ab", " ", "  ", "ERROR", "é\"", "\"", "[", "]", "\"a b\"", "[a b]", "a-b", "\t", "\n",
            "1", "10", "-5", "1e1", "x", "\"\"", "[]", "10.0", "404")
        .Array[0, 10].Select(string.Concat);

    static readonly Gen<string> Values = Gen.OneOf(
        OneOf(
            "1", "10", "1.0", "-5", "1e1", "+1", "a", "ab", "a*", "*b", "*", "a*b*", "\"a\"", "\"\"", "\"1\"",
            "\"a b\"", "true",
            "\"null\"", "\"é\"", "\"a*b\"", "4*", "\"\\\\\"", "\"\\\"\""),
        Regexes.Select(one => $"%{one}%"));

    static readonly Gen<string> Numbers = OneOf("1", "10", "-5", "1e1", "1.5");

    static readonly Gen<string> Comparisons = Gen.OneOf(
        Gen.Select(OneOf("=", "!=", " = "), Values).Select((sign, value) => $"{sign}{value}"),
        Gen.Select(OneOf("<", "<=", " > ", ">="), Numbers).Select((sign, value) => $"{sign}{value}"));

    static readonly Gen<string> Paths = OneOf(
        "$.a", "$.b", "$.a.b", "$.a[0]", "$.a[1]", "$['a.b']", "$.a[*]", "$.*", "$.a[*].b", "$[\"a\"]", "$.c");

    static readonly Gen<string> JsonConditions = Gen.OneOf(
        Gen.Select(Paths, Comparisons).Select((path, test) => path + test),
        Gen.Select(Paths, OneOf(" IS NULL", " IS TRUE", " IS FALSE", " NOT EXISTS"))
            .Select((path, test) => path + test));

    public static readonly Gen<string> JsonPatterns =
        Joined(JsonConditions).Select(clause => AtMostTwoRegexes($"{{{AtMostThreeWildcards(clause)}}}"));

    public static readonly Gen<string> FieldPatterns = Gen.Select(
        Gen.OneOf(Gen.Const(""), Joined(Comparisons.Select(test => "NAME " + test))).Array[0, 4], Gen.Int[-3, 4])
        .Select((fields, ellipsis) => AtMostTwoRegexes("[" + string.Join(", ", WithEllipsis(fields, ellipsis)) + "]"));

    static readonly Gen<string> Scalars = OneOf(
        "1", "10", "1.0", "-5", "1e1", "true", "false", "null", "\"a\"", "\"ab\"", "\"\\u0061b\"", "\"\"", "\"1\"",
        "\"null\"", "\"é\"",
        "\"\\u00e9\"", "\"a\\\"\"", "0", "404", "\"a b\"", "\"\\\\\"", "1.5");

    static readonly Gen<string> Keys = OneOf("\"a\"", "\"b\"", "\"a.b\"", "\"c\"", "\"\\u0061\"");

    static readonly Gen<string> Documents = Gen.Recursive<string>((depth, inner) => depth > 3
        ? Scalars
        : Gen.Frequency(
            (2, Scalars),
            (2, inner.Array[0, 3].Select(items => $"[{string.Join(",", items)}]")),
            (3, Gen.Select(Keys, inner).Select((key, value) => $"{key}: {value}").Array[0, 4]
                .Select(members => $"{{{string.Join(", ", members)}}}"))));

    static readonly Gen<string> Objects = Gen.Select(Keys, Documents).Select((key, value) => $"{key}:{value}")
        .Array[0, 4].Select(members => $" {{{string.Join(",", members)}}}\n");

    /// <summary>Most are JSON objects, some were until a character went or came.</summary>
    public static readonly Gen<string> JsonMessages = Gen.Frequency(
        (6, Objects),
        (1, Documents),
        (2, Gen.Select(Objects, Gen.Int[0, 200], OneOf("", "\"", "}", ",", "1", "\\", "\n", "[", "e", "."))
            .Select((text, at, into) => text.Remove(at % text.Length, into.Length == 0 ? 1 : 0)
                .Insert(at % text.Length, into))));

    public static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    static Gen<string> Joined(Gen<string> condition) => Gen.Recursive<string>((depth, inner) => depth > 3
        ? condition
        : Gen.Frequency(
            (4, condition),
            (1, Gen.Select(inner, inner).Select((one, other) => $"{one} && {other}")),
            (1, Gen.Select(inner, inner).Select((one, other) => $"{one} || {other}")),
            (1, inner.Select(one => $"({one})"))));

    static IEnumerable<string> WithEllipsis(string[] fields, int ellipsis)
    {
        for (var i = 0; i <= fields.Length; i++)
        {
            if (i == ellipsis)
                yield return "...";
            if (i < fields.Length)
            {
                yield return fields[i].Length == 0 ? $"f{i}"
                    : fields[i].Replace("NAME", $"f{i}", StringComparison.Ordinal);
            }
        }
    }

    static string AtMostThreeWildcards(string clause)
    {
        var pieces = clause.Replace("$.*", "$[*]", StringComparison.Ordinal).Split("[*]");
        return pieces.Length <= 4 ? clause : string.Join("[*]", pieces[..4]) + ".c" + string.Join(".c", pieces[4..]);
    }

    // More would be refused.
    static string AtMostTwoRegexes(string pattern)
    {
        var pieces = pattern.Split('%');
        return pieces.Length <= 5 ? pattern : string.Join('%', pieces[..5]) + string.Concat(
            pieces[5..].Select((piece, i) => i % 2 == 0 ? "ab" : piece));
    }
}
