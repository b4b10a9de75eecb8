namespace CloudWatch.Patterns.Json;

/// <summary>Matches messages against the JSON form. A message that is not one JSON object and nothing else never
/// matches (observed).</summary>
sealed class JsonMatcher : PatternMatcher
{
    readonly PathState _root;
    readonly Verdict _verdict;
    readonly Prefilter? _prefilter;
    readonly JsonFound _found;

    public JsonMatcher(JsonTree tree, IReadOnlyList<ValueSelector> selectors)
    {
        var asked = new List<Asked>();
        _verdict = Verdict.Compile(tree.Clause, condition => Ask(asked, (JsonCondition)condition));
        foreach (var (index, selector) in selectors.Index())
        {
            if (selector is PathSelector path)
                asked.Add(new(path.Path, Selector: index));
        }

        _root = new(asked, depth: 0);
        _prefilter = Prefilter.Of(tree.Clause, condition => Literal((JsonCondition)condition));
        _found = new(selectors.Count);
    }

    // With an escape in it a message may say a text in other letters.
    public override IReadOnlyList<byte[]> Needles => _prefilter is null ? [] : [.. _prefilter.Texts, [(byte)'\\']];

    public override bool Matches(ReadOnlySpan<byte> utf8Message)
    {
        _found.Clear();
        var json = JsonText.Trim(utf8Message);
        if (json is not [(byte)'{', .., (byte)'}'] || !MayMatch(json))
            return false;

        var walk = new JsonWalk(utf8Message, _found);
        return walk.TryRead(_root) && _verdict.Of(_found.Held);
    }

    public override bool TryGetValue(int selector, ReadOnlySpan<byte> utf8Message, out ReadOnlySpan<byte> value) =>
        _found.TryGetValue(selector, utf8Message, out value);

    bool MayMatch(ReadOnlySpan<byte> json) =>
        _prefilter is null || _prefilter.MayMatch(json) || json.Contains((byte)'\\');

    static (int Number, bool IsNegated) Ask(List<Asked> asked, JsonCondition condition)
    {
        asked.Add(condition switch
        {
            JsonComparison comparison => new(condition.Path, asked.Count, new ValueMatcher(comparison.Test)),
            JsonIs keyword => new(condition.Path, asked.Count, Keyword: keyword.Keyword),
            _ => new(condition.Path, asked.Count, IsExistence: true)
        });
        return (asked.Count - 1, condition is JsonMissing);
    }

    static string Literal(JsonCondition condition)
    {
        if (condition is JsonMissing)
            return "";

        var key = condition.Path.Steps.OfType<KeyStep>().LastOrDefault()?.Key ?? "";
        var value = condition is JsonComparison comparison ? Prefilter.Literal(comparison.Test) : "";
        return value.Length >= key.Length ? value : key;
    }
}
