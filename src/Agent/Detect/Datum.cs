using Agent.Events;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>Observations of one metric in one minute, to be published.</summary>
/// <param name="Minute">Its beginning, in seconds since 1970.</param>
sealed record Datum(MetricIdentity Metric, long Minute, StatisticSet Observed);
