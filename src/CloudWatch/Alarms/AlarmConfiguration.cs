using CloudWatch.Metrics;

namespace CloudWatch.Alarms;

public enum AlarmComparison
{
    GreaterThanThreshold,
    GreaterThanOrEqualToThreshold,
    LessThanThreshold,
    LessThanOrEqualToThreshold
}

/// <summary>What a period without a datapoint counts for.</summary>
public enum MissingData
{
    Missing,
    Ignore,
    Breaching,
    NotBreaching
}

/// <summary>When an alarm is in which state. Source: API, PutMetricAlarm.</summary>
/// <param name="PeriodSeconds">10, 20, 30, or a multiple of 60.</param>
/// <param name="EvaluationPeriods">N: how many periods are looked at.</param>
/// <param name="DatapointsToAlarm">M: how many of them must breach; null for all.</param>
/// <param name="IgnoresLowSamples">Whether percentiles of too few observations leave the state as it is.</param>
public sealed record AlarmConfiguration(
    Statistic Statistic, int PeriodSeconds, int EvaluationPeriods, int? DatapointsToAlarm, double Threshold,
    AlarmComparison Comparison, MissingData MissingData, bool IgnoresLowSamples = false)
{
    /// <summary>M.</summary>
    public int Needed => DatapointsToAlarm ?? EvaluationPeriods;

    /// <summary>How many periods back the service looks for datapoints where some are missing. The number is not
    /// published; this one agrees with all that was observed (spec/metrics-alarms.md, section 7).</summary>
    public int ServiceRange => EvaluationPeriods + (PeriodSeconds >= 60 ? 2 : 60 / PeriodSeconds);

    /// <summary>How far apart two evaluations are, in seconds. Source: user guide, "Alarm evaluation".</summary>
    public int EverySeconds =>
        (long)PeriodSeconds * EvaluationPeriods > 86_400 ? 3600 : PeriodSeconds >= 60 ? 60 : 10;

    public bool IsBreaching(double value) => Comparison switch
    {
        AlarmComparison.GreaterThanThreshold => value > Threshold,
        AlarmComparison.GreaterThanOrEqualToThreshold => value >= Threshold,
        AlarmComparison.LessThanThreshold => value < Threshold,
        _ => value <= Threshold
    };

    /// <summary>Whether a breach stays one, whatever observations its period may still get.</summary>
    /// <param name="isNeverNegative">Whether no observation is below zero.</param>
    public bool BreachIsFinal(bool isNeverNegative) =>
        Comparison is AlarmComparison.GreaterThanThreshold or AlarmComparison.GreaterThanOrEqualToThreshold
            ? Statistic == Statistic.SampleCount || Statistic == Statistic.Maximum
                || (Statistic == Statistic.Sum && isNeverNegative)
            : Statistic == Statistic.Minimum;
}
