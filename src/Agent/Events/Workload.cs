namespace Agent.Events;

/// <summary>What runs and writes the events, so that the service shows them beside its other telemetry.</summary>
/// <param name="Service">Its name; null where nobody said.</param>
/// <param name="Environment">Where it runs, such as production; null where nobody said.</param>
/// <param name="InstanceId">The EC2 instance; null where it is none, or not known.</param>
sealed record Workload(string? Service, string? Environment, string? InstanceId);
