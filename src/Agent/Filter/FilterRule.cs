using CloudWatch.Matching;

namespace Agent.Filter;

/// <summary>What one filter looks for and what a match does.</summary>
/// <param name="IsInclude">An event passes if it matches; otherwise it passes if it does not.</param>
/// <param name="Written">The expression as a person wrote it.</param>
sealed record FilterRule(bool IsInclude, string Written, BytePattern Pattern);
