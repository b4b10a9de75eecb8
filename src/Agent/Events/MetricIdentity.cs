namespace Agent.Events;

/// <summary>Which metric of the service an observation is of.</summary>
/// <param name="Dimensions">Pairs of name and value, in their order.</param>
sealed record MetricIdentity(
    string Namespace, string Name, string Unit, IReadOnlyList<KeyValuePair<string, string>> Dimensions);
