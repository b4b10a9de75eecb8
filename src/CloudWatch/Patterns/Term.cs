namespace CloudWatch.Patterns;

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

/// <summary>One word or phrase of a pattern's terms form, without its sign and its quotes.</summary>
public sealed record Term(TermKind Kind, string Text);
