using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agent.Events;

namespace Agent.Notify;

/// <summary>A notice as JSON, with the members of the messages that the service's alarms send, so that whoever reads
/// those reads this. What Vigil adds stands under <c>Vigil</c>. Source: alarm notifications seen in public,
/// spec/sns-email.md section 7.</summary>
static class AlarmMessage
{
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="host">Whose alarm it is.</param>
    public static byte[] Of(AlarmNotice notice, string host)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("AlarmName", notice.Alarm);
            json.WriteString("AlarmDescription", notice.Description);
            json.WriteNull("AWSAccountId");
            json.WriteString("NewStateValue", notice.NewState);
            json.WriteString("NewStateReason", notice.Reason);
            json.WriteString("StateChangeTime", Date(notice.ChangedAt));
            json.WriteString("Region", "local");
            json.WriteString("OldStateValue", notice.OldState);
            Write(json, notice.Trigger, notice);
            json.WriteStartObject("Vigil");
            json.WriteString("Id", notice.Id);
            json.WriteString("Host", host);
            json.WriteString("Source", notice.Source);
            json.WriteString("FilterPattern", notice.Pattern);
            if (notice.LateFor is { } late)
            {
                json.WriteString("LateFor", Date(late));
            }

            json.WriteStartArray("Lines");
            foreach (var line in notice.Lines)
            {
                json.WriteStartObject();
                json.WriteString("Timestamp", Date(line.At));
                json.WriteString("Message", line.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    // What is not published has a name all the same: that of the alarm, or of the host's metric.
    static void Write(Utf8JsonWriter json, AlarmTrigger trigger, AlarmNotice notice)
    {
        var metric = trigger.Metric
            ?? new MetricIdentity("Vigil", notice.Pattern is null ? notice.Source : notice.Alarm, "None", []);
        var isPercentile = trigger.Statistic[0] == 'p';
        json.WriteStartObject("Trigger");
        json.WriteString("MetricName", metric.Name);
        json.WriteString("Namespace", metric.Namespace);
        json.WriteString("StatisticType", isPercentile ? "ExtendedStatistic" : "Statistic");
        json.WriteString(
            isPercentile ? "ExtendedStatistic" : "Statistic",
            isPercentile ? trigger.Statistic : trigger.Statistic.ToUpperInvariant());
        json.WriteString("Unit", metric.Unit == "None" ? null : metric.Unit);
        json.WriteStartArray("Dimensions");
        foreach (var (name, value) in metric.Dimensions)
        {
            json.WriteStartObject();
            json.WriteString("value", value);
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("Period", trigger.PeriodSeconds);
        json.WriteNumber("EvaluationPeriods", trigger.EvaluationPeriods);
        if (trigger.DatapointsToAlarm is { } needed)
        {
            json.WriteNumber("DatapointsToAlarm", needed);
        }

        json.WriteString("ComparisonOperator", trigger.ComparisonOperator);
        json.WriteNumber("Threshold", trigger.Threshold);
        json.WriteString("TreatMissingData", trigger.TreatMissingData);
        json.WriteString("EvaluateLowSampleCountPercentile", "");
        json.WriteEndObject();
    }

    static string Date(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
}
