namespace CloudWatch.Patterns;

/// <summary>What a pattern of the JSON form, or a field of the space-delimited form, asks for: conditions, joined by
/// and and or. The conditions themselves are records of the two forms.</summary>
public abstract record Clause;

/// <summary><c>one || other</c></summary>
public sealed record AnyOf(IReadOnlyList<Clause> Clauses) : Clause
{
    public override string ToString() => string.Join(" || ", Clauses);
}

/// <summary><c>one &amp;&amp; other</c></summary>
public sealed record AllOf(IReadOnlyList<Clause> Clauses) : Clause
{
    public override string ToString() =>
        string.Join(" && ", Clauses.Select(clause => clause is AnyOf ? $"({clause})" : $"{clause}"));
}
