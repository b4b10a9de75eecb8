using System.Globalization;
using System.Text;
using Agent.Events;

namespace Agent.Status;

/// <summary>The status as Prometheus reads it. Source: Prometheus documentation, "Exposition formats", text format
/// 0.0.4.</summary>
sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    readonly StringBuilder _text = new();

    MetricsText()
    {
    }

    public static string Of(StatusReport report)
    {
        var text = new MetricsText();
        text.AddAgent(report);
        text.AddFiles(report.Sources);
        text.AddSenders(report.Senders);
        text.AddWatched(report);
        return text._text.ToString();
    }

    void AddAgent(StatusReport report)
    {
        Metric("vigil_healthy", "gauge", "1 while nothing keeps lines from being delivered", report.IsHealthy ? 1 : 0);
        Head("vigil_problems", "gauge", "What keeps lines from being delivered, by cause");
        foreach (var cause in report.Problems.GroupBy(problem => problem.Cause))
        {
            Sample("vigil_problems", cause.Count(), ("cause", cause.Key));
        }

        Head("vigil_info", "gauge", "The version");
        Sample("vigil_info", 1, ("version", report.Version));
        if (report.Process is { } process)
        {
            Metric("vigil_start_time_seconds", "gauge", "When it started, since 1970",
                process.StartedAt.ToUnixTimeSeconds());
            Metric("vigil_resident_memory_bytes", "gauge", "Memory of the process", process.ResidentBytes);
            Metric("vigil_batch_memory_bytes", "gauge", "Memory in use for batches", process.BatchBytes);
            Metric("vigil_batch_memory_budget_bytes", "gauge", "Memory that batches may take",
                process.BatchBudgetBytes);
            Metric("vigil_open_files", "gauge", "Log files that are open", process.OpenFiles);
        }

        Metric("vigil_lost_bytes_total", "counter", "Bytes that were recorded as never to be delivered",
            report.Gaps.LostBytes);
        Metric("vigil_lost_ranges_total", "counter", "Byte ranges that were so recorded", report.Gaps.Lost);
        Metric("vigil_dead_letter_events", "gauge", "Log events that the service refused for good and that are kept",
            report.DeadLetters.Events);
        Metric("vigil_spool_bytes", "gauge", "Disk that deleted files take until they are delivered",
            report.Spool?.DiskBytes ?? 0);
    }

    void AddFiles(IReadOnlyList<SourceStatus> sources)
    {
        PerSource("vigil_file_behind_bytes", "gauge", "Bytes of the file that are not delivered",
            source => source.Files.Sum(file => file.BehindBytes));
        PerSource("vigil_file_behind_seconds", "gauge",
            "How long the oldest line waits that was read and is not delivered",
            source => source.Files.Select(file => file.BehindSeconds).DefaultIfEmpty().Max());
        PerSource("vigil_events_delivered_total", "counter", "Log events that the service took",
            source => source.Totals.Events);
        PerSource("vigil_bytes_delivered_total", "counter", "The same in bytes, before compression",
            source => source.Totals.Bytes);
        PerSource("vigil_retries_total", "counter", "Requests that were another try",
            source => source.Totals.Retries);
        PerSource("vigil_batches_in_flight", "gauge", "Requests without an answer so far",
            source => source.Files.Sum(file => file.Delivery?.OnTheirWay ?? 0));

        void PerSource(string name, string type, string help, Func<SourceStatus, double> value)
        {
            Head(name, type, help);
            foreach (var source in sources)
            {
                Sample(name, value(source), ("path", source.Path), ("log_group", source.LogGroup),
                    ("log_stream", source.LogStream));
            }
        }
    }

    void AddSenders(IReadOnlyList<SenderStatus> senders)
    {
        Head("vigil_requests_total", "counter", "Requests of PutLogEvents");
        senders.ToList().ForEach(one => Sample("vigil_requests_total", one.Requests, ("role", one.Role ?? "")));
        Head("vigil_requests_throttled_total", "counter", "Requests that the service throttled");
        senders.ToList().ForEach(one =>
            Sample("vigil_requests_throttled_total", one.Throttled, ("role", one.Role ?? "")));
    }

    void AddWatched(StatusReport report)
    {
        Head("vigil_alarm", "gauge", "1 for the state that an alarm of this host is in");
        foreach (var alarm in report.Alarms)
        {
            Sample("vigil_alarm", 1, ("alarm", alarm.Name), ("state", alarm.State));
        }

        Head("vigil_measured", "gauge", "What was measured of this host in the minute that ended last");
        foreach (var one in report.Measured)
        {
            Sample("vigil_measured", one.Value, ("metric", one.Name), ("unit", one.Unit));
        }
    }

    void Metric(string name, string type, string help, double value)
    {
        Head(name, type, help);
        Sample(name, value);
    }

    void Head(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    void Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        var before = '{';
        foreach (var (label, text) in labels)
        {
            _text.Append(before).Append(label).Append("=\"").Append(Escaped(text)).Append('"');
            before = ',';
        }

        _text.Append(labels.IsEmpty ? "" : "}").Append(' ')
            .Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    static string Escaped(string text) => text
        .Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", @"\n", StringComparison.Ordinal);
}
