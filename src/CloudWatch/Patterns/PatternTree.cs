namespace CloudWatch.Patterns;

/// <summary>What a pattern means. Its text is a pattern of the same meaning, if it is not too long for one.</summary>
public abstract record PatternTree
{
    /// <summary>Makes it ready to be held against messages.</summary>
    /// <param name="selectors">What is to be read out of those that match.</param>
    public abstract PatternMatcher Matcher(IReadOnlyList<ValueSelector> selectors);

    /// <summary>What the service shows of a message that matches: the fields of the space-delimited form with their
    /// names, <c>$name</c>, or numbers, <c>$3</c>. Other forms show nothing (observed).</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> Extract(ReadOnlySpan<byte> utf8Message) => [];
}
