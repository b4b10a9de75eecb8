namespace Agent.Pipeline;

/// <summary>What came of reading the configuration.</summary>
/// <param name="Plan">Null where it cannot be used.</param>
/// <param name="Faults">What is wrong with it, also where it can; a line each.</param>
sealed record PlanReading(Plan? Plan, IReadOnlyList<string> Faults)
{
    /// <summary>Whether something beside it was changed that only a new process takes over.</summary>
    public bool NeedsRestart { get; init; }
}
