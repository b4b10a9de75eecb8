namespace Agent.Events;

/// <summary>Where log events go, placeholders already replaced, and how the log group is to be made.</summary>
/// <param name="Class">STANDARD or INFREQUENT_ACCESS; null leaves it to the service.</param>
/// <param name="RetentionDays">Null leaves the group's retention alone.</param>
sealed record LogTarget(string Group, string Stream, string? Class, int? RetentionDays)
{
    public override string ToString() => $"{Group}/{Stream}";
}
