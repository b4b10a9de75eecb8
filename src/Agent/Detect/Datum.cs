using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>Which metric of the service an observation is of.</summary>
/// <param name="Dimensions">Pairs of name and value, in their order.</param>
sealed record MetricIdentity(
    string Namespace, string Name, string Unit, IReadOnlyList<KeyValuePair<string, string>> Dimensions);

/// <summary>Observations of one metric in one minute, to be published.</summary>
/// <param name="Minute">Its beginning, in seconds since 1970.</param>
sealed record Datum(MetricIdentity Metric, long Minute, StatisticSet Observed);
