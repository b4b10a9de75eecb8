using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CloudWatch.Alarms;

/// <summary>Why an alarm went to a state, in the service's words. Source: reasons observed and seen in notifications,
/// spec/metrics-alarms.md section 10.</summary>
static class StateReason
{
    // So many fit into what SetAlarmState takes for a reason, 1,023 characters; and into its data, 4,000.
    const int MostListed = 25;

    // The plus sign of a date as itself.
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static AlarmState Of(
        AlarmConfiguration alarm, AlarmValue value, AlarmWindow window,
        List<AlarmDatapoint> points, List<AlarmDatapoint> breaching, DateTimeOffset now)
    {
        var telling = value == AlarmValue.Alarm ? breaching : [.. points.Except(breaching)];
        var missing = alarm.EvaluationPeriods - points.Count;
        var reason = value == AlarmValue.InsufficientData
            ? $"Insufficient Data: {Count(alarm.EvaluationPeriods, "datapoint")} unknown."
            : points.Count == 0
                ? $"Threshold Crossed: no datapoints were received for {Periods(alarm.EvaluationPeriods)} and "
                    + $"{Treated(alarm, missing)}."
                : $"Threshold Crossed: {Crossing(alarm, value, telling)}{Fill(alarm, missing)}"
                    + $"{Needed(alarm, value)}.";
        return new(value, reason, Data(alarm, window, points, now));
    }

    static string Crossing(AlarmConfiguration alarm, AlarmValue value, List<AlarmDatapoint> telling)
    {
        var shown = telling.Take(MostListed).Select(point => $"{Number(point.Value)} ({Time(point.StartUnixSeconds)})");
        var listed = string.Join(", ", shown) + (telling.Count > MostListed ? ", ..." : "");
        var who = alarm.DatapointsToAlarm is null
            ? $"{telling.Count} datapoint{(telling.Count == 1 ? "" : "s")}"
            : $"{telling.Count} out of the last {alarm.EvaluationPeriods} datapoints";
        var not = value == AlarmValue.Alarm ? "" : "not ";
        return $"{who} [{listed}] {(telling.Count == 1 ? "was" : "were")} {not}{Words(alarm.Comparison)} the threshold "
            + $"({Number(alarm.Threshold)})";
    }

    // What stands for missing data is told wherever something does (seen).
    static string Fill(AlarmConfiguration alarm, int missing) =>
        missing > 0 && alarm.MissingData is (MissingData.Breaching or MissingData.NotBreaching)
            ? $" and {Treated(alarm, missing)}"
            : "";

    static string Needed(AlarmConfiguration alarm, AlarmValue value)
    {
        if (alarm.DatapointsToAlarm is not { } toAlarm)
            return "";

        var needed = value == AlarmValue.Alarm ? toAlarm : alarm.EvaluationPeriods - toAlarm + 1;
        var way = value == AlarmValue.Alarm ? "OK -> ALARM" : "ALARM -> OK";
        return $" (minimum {needed} datapoint{(needed == 1 ? "" : "s")} for {way} transition)";
    }

    static string Treated(AlarmConfiguration alarm, int missing) =>
        $"{Count(missing, "missing datapoint")} treated as "
        + $"[{(alarm.MissingData == MissingData.Breaching ? "Breaching" : "NonBreaching")}]";

    static string Count(int count, string what) => count == 1 ? $"1 {what} was" : $"{count} {what}s were";

    static string Periods(int count) => count == 1 ? "1 period" : $"{count} periods";

    static string Words(AlarmComparison comparison) => comparison switch
    {
        AlarmComparison.GreaterThanThreshold => "greater than",
        AlarmComparison.GreaterThanOrEqualToThreshold => "greater than or equal to",
        AlarmComparison.LessThanThreshold => "less than",
        _ => "less than or equal to"
    };

    // One decimal at least.
    static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    static string Time(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds)
        .ToString("dd'/'MM'/'yy HH':'mm':'ss", CultureInfo.InvariantCulture);

    static string Data(
        AlarmConfiguration alarm, AlarmWindow window, List<AlarmDatapoint> points, DateTimeOffset now)
    {
        var periods = Math.Max(alarm.EvaluationPeriods, points.Count == 0 ? 0 : points[^1].Index + 1);
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteString("queryDate", Date(now));
            json.WriteString("startDate", Date(window.EndUnixSeconds - periods * (long)alarm.PeriodSeconds));
            json.WriteString(
                alarm.Statistic.Percentile is null ? "statistic" : "extendedStatistic", alarm.Statistic.Name);
            json.WriteNumber("period", alarm.PeriodSeconds);
            json.WriteStartArray("recentDatapoints");
            WriteRecent(json, alarm, points);
            json.WriteEndArray();
            json.WritePropertyName("threshold");
            json.WriteRawValue(Number(alarm.Threshold));
            json.WriteStartArray("evaluatedDatapoints");
            foreach (var point in points.Take(MostListed))
            {
                json.WriteStartObject();
                json.WriteString("timestamp", Date(point.StartUnixSeconds));
                json.WritePropertyName("sampleCount");
                json.WriteRawValue(Number(point.SampleCount));
                json.WritePropertyName("value");
                json.WriteRawValue(Number(point.Value));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    // Oldest first; where not all periods must breach, with the gaps between them.
    static void WriteRecent(Utf8JsonWriter json, AlarmConfiguration alarm, List<AlarmDatapoint> points)
    {
        var shown = points.Take(MostListed).ToList();
        for (var (at, index) = (shown.Count - 1, shown.Count == 0 ? -1 : shown[^1].Index); at >= 0; index--)
        {
            if (shown[at].Index == index)
                json.WriteRawValue(Number(shown[at--].Value));
            else if (alarm.Needed < alarm.EvaluationPeriods)
                json.WriteNullValue();
        }
    }

    static string Date(long unixSeconds) => Date(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));

    static string Date(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
}
