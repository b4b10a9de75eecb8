using Agent.Config.Model;
using Agent.Config.Reading;
using CloudWatch;
using CloudWatch.Patterns;

namespace Agent.Config.Checking;

/// <summary>The keys of <c>vigil.detections</c>: what is watched for on the host, in the words of the service's metric
/// filters and alarms.</summary>
static class DetectionKeys
{
    public const int MostLines = 50;

    const int MostPeriods = 1440;
    const int DaySeconds = 86_400;

    static readonly Section Metric = new(UnknownKeys.Refused,
    [
        new("value", new Text(1, 100), "what a match counts for: a number, or a selector such as $.latency or $size"),
        new("default_value", new Number(), "what a line counts for that does not match"),
        new("namespace", new Text(1, Limits.MetricNameLength), "the namespace that it is published in",
            Further: MetricsKeys.CheckNamespace),
        new("name", new Text(1, Limits.MetricNameLength), "the name that it is published by",
            Further: MetricsKeys.CheckName),
        new("unit", new OneOfTexts([.. MetricUnits.All]), "the unit that it is published in"),
        new("dimensions", new TextMap(Limits.MetricFilterDimensions, Limits.MetricNameLength, 100),
            "the dimensions that it is published with, each with a selector such as $.host or $host",
            Further: MetricsKeys.CheckDimensions)
    ]);

    static readonly Section Alarm = new(UnknownKeys.Refused,
    [
        new("statistic", new Text(2, 16), "the statistic, such as Sum", Further: CheckStatistic),
        new("period", new Whole(60, 7 * DaySeconds), "the period in seconds, a multiple of 60", Further: CheckPeriod),
        new("evaluation_periods", new Whole(1, MostPeriods), "how many periods are looked at"),
        new("datapoints_to_alarm", new Whole(1, MostPeriods), "how many of them must breach"),
        new("threshold", new Number(), "the number that the statistic is compared with",
            Needed: "nothing says when it is too much"),
        new("comparison_operator",
            new OneOfTexts(
                "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold",
                "LessThanOrEqualToThreshold"),
            "how they are compared"),
        new("treat_missing_data", new OneOfTexts("notBreaching", "breaching", "ignore", "missing"),
            "what a period without data counts for")
    ]);

    static readonly Key FilePath = new(
        "file_path", new Text(1, 4096), "the path of the file to watch", Further: GlobKeys.CheckFile);

    static readonly Key Redact = new(
        "redact", new ListOf(new Text(1, Limits.FilterPatternLength), 1, 20),
        "regular expressions of what is left out of lines that are told", Further: ExpressionKeys.CheckAll);

    public static Section Pack { get; } = new(UnknownKeys.Refused,
    [
        new("name", new OneOfTexts([.. DetectionPack.All.Select(pack => pack.Name)]), "one of Vigil's packs",
            Needed: "nothing says which")
        {
            Values = [.. DetectionPack.All.Select(pack => (pack.Name, pack.Means))]
        },
        FilePath,
        new("notify", new ListOf(new Text(1, 64), 0), "names of vigil.notifications that are told"),
        new("lines", new Whole(0, MostLines), "how many of the lines are told with an alarm"),
        Redact
    ]);

    public static Section Section { get; } = new(UnknownKeys.Refused,
    [
        new("name", new Text(1, 128), "a name of letters, digits, . _ and -",
            Needed: "nobody could tell which alarm it is", Further: CheckName),
        new("description", new Text(0, Limits.FilterPatternLength), "what whoever is told should know"),
        FilePath,
        new("start_position", new OneOfTexts("beginning", "end"),
            "whether what a file holds at the very first start is watched too"),
        new("pattern", new Text(0, Limits.FilterPatternLength), "a filter pattern of CloudWatch Logs",
            Further: CheckPattern),
        new("metric_name", new OneOfTexts([.. HostMetric.All.Select(metric => metric.Name)]),
            "a metric of this host that is watched in place of lines")
        {
            Values = [.. HostMetric.All.Select(metric => (metric.Name, metric.Means))]
        },
        new("metric", Metric, "what is counted"),
        new("alarm", Alarm, "when it is too much", Needed: "nothing says when to tell"),
        new("notify", new ListOf(new Text(1, 64), 0), "names of vigil.notifications that are told"),
        new("notify_on", new ListOf(new OneOfTexts("ALARM", "OK", "INSUFFICIENT_DATA"), 1),
            "the states whose beginning is told"),
        new("lines", new Whole(0, MostLines), "how many of the lines are told with an alarm"),
        Redact
    ]);

    /// <summary>What people type as a name on a command line, and what keys of the state are made of.</summary>
    public static void CheckName(Value value, FaultList faults)
    {
        if (!((TextValue)value).Text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-'))
        {
            faults.Error(
                value, $"{value.Found} was found, only letters, digits, . _ and - are allowed", "leave the others out");
        }
    }

    static void CheckPattern(Value value, FaultList faults)
    {
        if (!FilterPattern.TryParse(((TextValue)value).Text, out _, out var fault))
            faults.Error(value, $"character {fault.Column} of {value.Found}: {fault.What}", fault.Remedy);
    }

    static void CheckStatistic(Value value, FaultList faults)
    {
        if (!CloudWatch.Metrics.Statistic.TryParse(((TextValue)value).Text, out _, out _))
        {
            faults.Error(value, $"{value.Found} was found, which is no statistic",
                "set SampleCount, Average, Sum, Minimum, Maximum, or a percentile such as p99");
        }
    }

    static void CheckPeriod(Value value, FaultList faults)
    {
        if (((NumberValue)value).Whole % 60 != 0)
            faults.Error(value, $"{value.Found} was found, a multiple of 60 is allowed", "set whole minutes");
    }
}
