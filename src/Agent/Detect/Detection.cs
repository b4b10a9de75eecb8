using Agent.Events;
using CloudWatch.Alarms;
using CloudWatch.Matching;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>What is watched for on this host: a metric filter on the lines of files, or a metric of the host; an alarm
/// on it, and who is told. All of it means what it means to the service.</summary>
/// <param name="Source">For people: the files, as configured, or the metric.</param>
/// <param name="NotifiesOf">The states whose beginning is told.</param>
/// <param name="Channels">Who is told.</param>
/// <param name="MostLines">How many of the lines that caused an alarm are told with it.</param>
sealed record Detection(
    string Name,
    string? Description,
    string Source,
    AlarmConfiguration Alarm,
    IReadOnlySet<AlarmValue> NotifiesOf,
    IReadOnlyList<string> Channels,
    int MostLines)
{
    /// <summary>What makes observations of lines; null where a metric of the host is watched.</summary>
    public MetricFilter? Filter { get; init; }

    /// <summary>The metric of the host that is watched; null where it is lines.</summary>
    public string? Measured { get; init; }

    /// <summary>As what the metric is published, with the dimensions that do not differ; null where it is not.
    /// </summary>
    public MetricIdentity? Published { get; init; }

    /// <summary>As what a metric of the host is published, whoever watches it; null where it is not.</summary>
    public MetricIdentity? PublishedElsewhere { get; init; }

    /// <summary>What is left out of lines that are told.</summary>
    public IReadOnlyList<BytePattern> Redacted { get; init; } = [];

    /// <summary>The filter pattern; null where a metric of the host is watched.</summary>
    public string? Pattern => Filter?.Pattern.Text;

    /// <summary>Whether no observation is below zero.</summary>
    public bool IsNeverNegative => Filter?.IsNeverNegative ?? true;
}
