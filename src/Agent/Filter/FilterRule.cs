namespace Agent.Filter;

/// <summary>What one filter looks for and what a match does.</summary>
/// <param name="IsInclude">An event passes if it matches; otherwise it passes if it does not.</param>
/// <param name="Pattern">As <see cref="Text.BytePattern"/> takes it, with its literal.</param>
sealed record FilterRule(bool IsInclude, string Pattern, string? Literal, bool IsLiteral)
{
    /// <summary>The expression as a person wrote it.</summary>
    public string Written { get; init; } = Pattern;
}
