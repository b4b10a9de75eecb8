namespace CloudWatch.Patterns.Terms;

/// <summary>What a pattern of the terms form means: all of these, none of those, and one of the alternatives. Without
/// any it matches everything.</summary>
public sealed record TermsTree(
    IReadOnlyList<Comparand> All, IReadOnlyList<Comparand> None, IReadOnlyList<Comparand> AnyOf) : PatternTree
{
    /// <summary>Optional terms that mean nothing, since there are others beside them.</summary>
    public IReadOnlyList<Comparand> Ignored { get; init; } = [];

    /// <summary>Gives the terms their meaning. Optional terms beside any other term mean nothing: the service ignores
    /// them (user guide, "Filter pattern syntax"; observed also beside exclusions only).</summary>
    public static TermsTree Of(IReadOnlyList<Term> terms)
    {
        var (areAll, optional) = (terms.All(term => term.Kind == TermKind.Optional), Sought(terms, TermKind.Optional));
        return new(Sought(terms, TermKind.Required), Sought(terms, TermKind.Excluded), areAll ? optional : [])
        {
            Ignored = areAll ? [] : optional
        };
    }

    public override PatternMatcher Matcher(IReadOnlyList<ValueSelector> selectors) => new TermsMatcher(this);

    public override string ToString() => string.Join(
        ' ',
        All.Select(one => $"{one}").Concat(None.Select(one => $"-{one}")).Concat(AnyOf.Select(one => $"?{one}")));

    static List<Comparand> Sought(IReadOnlyList<Term> terms, TermKind kind) =>
        terms.Where(term => term.Kind == kind).Select(term => term.Sought).ToList();
}
