namespace CloudWatch.Patterns.Terms;

/// <summary>What a term asks of a message.</summary>
public enum TermKind
{
    /// <summary>Must occur.</summary>
    Required,

    /// <summary><c>-term</c>: must not occur.</summary>
    Excluded,

    /// <summary><c>?term</c>: one of these must occur, if there are no terms of another kind.</summary>
    Optional
}

/// <summary>One word, phrase or regular expression of a pattern's terms form.</summary>
/// <param name="Sought">A text, quoted or not, or a regular expression.</param>
public sealed record Term(TermKind Kind, Comparand Sought)
{
    public override string ToString() => Kind switch
    {
        TermKind.Excluded => "-",
        TermKind.Optional => "?",
        _ => ""
    } + Sought;
}
