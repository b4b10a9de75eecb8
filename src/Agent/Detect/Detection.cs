using CloudWatch.Alarms;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>What is watched for on this host: a metric filter on the lines of files, an alarm on its metric, and who is
/// told. All of it means what it means to the service.</summary>
/// <param name="Source">The files, as configured.</param>
/// <param name="NotifiesOf">The states whose beginning is told.</param>
/// <param name="Channels">Who is told.</param>
/// <param name="MostLines">How many of the lines that caused an alarm are told with it.</param>
sealed record Detection(
    string Name,
    string? Description,
    string Source,
    MetricFilter Filter,
    AlarmConfiguration Alarm,
    IReadOnlySet<AlarmValue> NotifiesOf,
    IReadOnlyList<string> Channels,
    int MostLines);
