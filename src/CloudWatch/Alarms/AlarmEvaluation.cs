namespace CloudWatch.Alarms;

/// <summary>The state machine of alarms: from a configuration, a state and datapoints to the next state. Source: user
/// guide, "Configuring how CloudWatch alarms treat missing data", whose tables it reproduces.</summary>
public static class AlarmEvaluation
{
    /// <param name="now">Only for what the reason says of its time.</param>
    /// <returns>The same state where it is kept.</returns>
    public static AlarmState Evaluate(
        AlarmConfiguration alarm, AlarmState state, AlarmWindow window, DateTimeOffset now)
    {
        var value = Judge(alarm, state.Value, window);
        if (value == state.Value)
            return state;

        var points = PointsOf(alarm, window);
        return StateReason.Of(alarm, value, window, points, Breaching(alarm, points), now);
    }

    /// <summary>The state alone, without its reason.</summary>
    /// <param name="current">That is left or kept.</param>
    public static AlarmValue Judge(AlarmConfiguration alarm, AlarmValue current, AlarmWindow window)
    {
        var points = PointsOf(alarm, window);
        return alarm.IgnoresLowSamples && HasLowSamples(alarm, points)
            ? current
            : Decide(alarm, current, points, Breaching(alarm, points));
    }

    static List<AlarmDatapoint> PointsOf(AlarmConfiguration alarm, AlarmWindow window) =>
        [.. window.Datapoints.Take(alarm.EvaluationPeriods)];

    static List<AlarmDatapoint> Breaching(AlarmConfiguration alarm, List<AlarmDatapoint> points) =>
        points.FindAll(point => alarm.IsBreaching(point.Value));

    static AlarmValue Decide(
        AlarmConfiguration alarm, AlarmValue current, List<AlarmDatapoint> points, List<AlarmDatapoint> breaching)
    {
        var (needed, good) = (alarm.Needed, points.Count - breaching.Count);
        if (breaching.Count >= needed)
            return AlarmValue.Alarm;
        if (good > alarm.EvaluationPeriods - needed)
            return AlarmValue.Ok;

        // Some are missing: else one of the two would have been reached.
        var missing = alarm.EvaluationPeriods - points.Count;
        return alarm.MissingData switch
        {
            MissingData.Breaching => breaching.Count + missing >= needed ? AlarmValue.Alarm : AlarmValue.Ok,
            MissingData.NotBreaching => AlarmValue.Ok,
            MissingData.Ignore => good > 0 ? AlarmValue.Ok : current,
            _ when points.Count == 0 => AlarmValue.InsufficientData,
            _ when good > 0 => AlarmValue.Ok,

            // Breaches alone become an alarm once the oldest is as old as so many in a row would be.
            _ => breaching[^1].Index + 1 >= needed ? AlarmValue.Alarm : current
        };
    }

    // Source: user guide, "Percentile-based CloudWatch alarms and low data samples".
    static bool HasLowSamples(AlarmConfiguration alarm, List<AlarmDatapoint> points)
    {
        if (alarm.Statistic.Percentile is not { } percent)
            return false;

        // Of p0 and p100 no number would be enough; rounded, since 100 less 99.9 is not quite a tenth.
        var tail = Math.Round(percent >= 50 ? 100 - percent : percent, 10);
        return tail > 0 && points.Count > 0 && points[0].SampleCount < Math.Round(1000 / tail, 6);
    }
}
