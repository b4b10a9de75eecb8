using System.Globalization;
using CloudWatch.Alarms;
using CloudWatch.Metrics;

namespace Agent.Tests.Support;

/// <summary>An alarm over a metric that has an observation a minute, or none, evaluated at the end of every minute.
/// </summary>
static class Timeline
{
    /// <summary>A Monday noon: a multiple of every period that is used.</summary>
    public const long Start = 1_767_614_400;

    /// <summary>The states, a letter for each minute: I, O or A.</summary>
    /// <param name="minutes">Null for a minute without an observation.</param>
    /// <param name="range">How many periods back the alarm looks.</param>
    public static string Run(
        AlarmConfiguration alarm, AlarmValue initial, IEnumerable<double?> minutes, int range,
        Action<AlarmState>? onChange = null)
    {
        var series = new MetricSeries(keepsValues: alarm.Statistic.Percentile is not null);
        var state = AlarmState.Initial with { Value = initial };
        var (states, end) = ("", Start);
        foreach (var minute in minutes)
        {
            if (minute is { } value)
                series.Add(end, value);

            end += 60;
            var window = AlarmWindow.Of(series, alarm, end, range);
            var next = AlarmEvaluation.Evaluate(
                alarm, state, window, DateTimeOffset.FromUnixTimeSeconds(end).AddSeconds(10));
            if (next.Value != state.Value)
                onChange?.Invoke(next);

            state = next;
            states += AlarmState.Name(state.Value)[0];
        }

        return states;
    }

    public static AlarmValue Value(char letter) => letter switch
    {
        'O' => AlarmValue.Ok,
        'A' => AlarmValue.Alarm,
        _ => AlarmValue.InsufficientData
    };

    public static AlarmComparison Comparison(string sign) => sign switch
    {
        ">" => AlarmComparison.GreaterThanThreshold,
        ">=" => AlarmComparison.GreaterThanOrEqualToThreshold,
        "<" => AlarmComparison.LessThanThreshold,
        "<=" => AlarmComparison.LessThanOrEqualToThreshold,
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "no comparison")
    };

    public static Statistic Statistic(string name) => CloudWatch.Metrics.Statistic.TryParse(
        name, out var statistic, out var error) ? statistic : throw new ArgumentException(error, nameof(name));

    /// <summary>Minutes as the tables write them: a number, <c>-</c> for none, <c>5*3</c> for three of them.</summary>
    public static List<double?> Minutes(string written) =>
    [
        .. from cell in written.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           let parts = cell.Split('*')
           let value = parts[0] == "-" ? (double?)null : double.Parse(parts[0], CultureInfo.InvariantCulture)
           let times = parts is [_, var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 1
           from minute in Enumerable.Repeat(value, times)
           select minute
    ];
}
