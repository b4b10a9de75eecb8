using CloudWatch.Metrics;

namespace CloudWatch.Alarms;

/// <summary>A period that has data.</summary>
/// <param name="Index">How many periods lie between it and the end of the window: 0 for the newest.</param>
/// <param name="StartUnixSeconds">Its beginning.</param>
public readonly record struct AlarmDatapoint(int Index, long StartUnixSeconds, double Value, double SampleCount);

/// <summary>What an evaluation looks at: the periods before a time, newest first, those without data left out.
/// </summary>
/// <param name="EndUnixSeconds">The end of the newest period.</param>
public sealed record AlarmWindow(long EndUnixSeconds, IReadOnlyList<AlarmDatapoint> Datapoints)
{
    /// <summary>The periods slide: they end at the time of the evaluation, wherever that lies. Source: user guide,
    /// "Sliding window".</summary>
    /// <param name="range">How many periods back.</param>
    public static AlarmWindow Of(MetricSeries series, AlarmConfiguration alarm, long endUnixSeconds, int range)
    {
        var points = new List<AlarmDatapoint>();
        for (var index = 0; index < range; index++)
        {
            var start = endUnixSeconds - (index + 1L) * alarm.PeriodSeconds;
            var set = series.Between(start, start + alarm.PeriodSeconds);
            if (alarm.Statistic.Of(set) is { } value)
                points.Add(new(index, start, value, set.SampleCount));
        }

        return new(endUnixSeconds, points);
    }
}
