namespace CloudWatch.Patterns;

/// <summary>Why a text is no filter pattern.</summary>
/// <param name="Column">Where in the pattern, in characters, counted from 1.</param>
/// <param name="What">What was found there.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Service">What the service says of such a fault; null where it says no more than that the pattern is
/// invalid. Source: errors observed and quoted in issues, spec/filter-patterns.md section 8.</param>
public sealed record PatternFault(int Column, string What, string Remedy, string? Service)
{
    /// <summary>The service's answer to FilterLogEvents with such a pattern; other actions have other words for the
    /// faults that it does not name.</summary>
    public string ServiceMessage(string unnamed = "Invalid filter pattern") => Service ?? unnamed;

    public override string ToString() => $"character {Column}: {What}; {Remedy}";
}

/// <summary>Carries a fault out of the depth of the reading; never seen outside of the reading of a pattern.</summary>
sealed class PatternException(PatternFault fault) : Exception(fault.What)
{
    public PatternFault Fault => fault;
}
