namespace CloudWatch.Patterns.Json;

/// <summary>A condition on what a path selects.</summary>
public abstract record JsonCondition(JsonPath Path) : Clause;

/// <summary>One of the numbers and strings there compares so; other values never do.</summary>
public sealed record JsonComparison(JsonPath Path, ValueTest Test) : JsonCondition(Path)
{
    public override string ToString() => $"{Path} {Test}";
}

public enum JsonKeyword
{
    /// <summary>Also an array with a null in it (observed).</summary>
    Null,
    True,
    False
}

/// <summary><c>IS NULL</c>, <c>IS TRUE</c> or <c>IS FALSE</c>: JSON's own, never a text that reads so.</summary>
public sealed record JsonIs(JsonPath Path, JsonKeyword Keyword) : JsonCondition(Path)
{
    public override string ToString() => $"{Path} IS {Keyword.ToString().ToUpperInvariant()}";
}

/// <summary><c>NOT EXISTS</c>: the path selects nothing. A null is something.</summary>
public sealed record JsonMissing(JsonPath Path) : JsonCondition(Path)
{
    public override string ToString() => $"{Path} NOT EXISTS";
}

/// <summary>What a pattern of the JSON form means.</summary>
public sealed record JsonTree(Clause Clause) : PatternTree
{
    public override PatternMatcher Matcher(IReadOnlyList<ValueSelector> selectors) => new JsonMatcher(this, selectors);

    public override string ToString() => $"{{ {Clause} }}";
}
