namespace CloudWatch.Patterns;

/// <summary>What a pattern of the terms form means: all of these, none of those, and one of the alternatives.</summary>
public sealed record TermsTree(
    IReadOnlyList<string> All, IReadOnlyList<string> None, IReadOnlyList<string> AnyOf)
{
    /// <summary>Gives the terms their meaning. Optional terms beside any other term mean nothing: the service ignores
    /// them (user guide, "Filter pattern syntax"; observed also beside exclusions only).</summary>
    public static TermsTree Of(IReadOnlyList<Term> terms) => new(
        Texts(terms, TermKind.Required),
        Texts(terms, TermKind.Excluded),
        terms.All(term => term.Kind == TermKind.Optional) ? Texts(terms, TermKind.Optional) : []);

    static List<string> Texts(IReadOnlyList<Term> terms, TermKind kind) =>
        terms.Where(term => term.Kind == kind).Select(term => term.Text).ToList();
}
