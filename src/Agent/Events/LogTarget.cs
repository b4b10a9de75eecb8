namespace Agent.Events;

/// <summary>Where log events go, placeholders already replaced, and how the log group is to be made.</summary>
/// <param name="Class">STANDARD or INFREQUENT_ACCESS; null leaves it to the service.</param>
/// <param name="RetentionDays">Null leaves the group's retention alone.</param>
sealed record LogTarget(string Group, string Stream, string? Class, int? RetentionDays)
{
    /// <summary>The key that the group is encrypted with, if it is made; null leaves it to the service.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The tags of the group, if it is made.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>What the events are of; null where nobody said.</summary>
    public Workload? Workload { get; init; }

    public override string ToString() => $"{Group}/{Stream}";
}
