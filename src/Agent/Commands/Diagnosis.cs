namespace Agent.Commands;

/// <summary>What a look at one thing showed.</summary>
/// <param name="Subject">What was looked at, in a word or two.</param>
/// <param name="Text">What was found, or what is wrong.</param>
/// <param name="Remedy">What to do about it; null where nothing is wrong.</param>
sealed record Diagnosis(string Subject, string Text, string? Remedy = null)
{
    public bool IsGood => Remedy is null;
}
