using System.Globalization;
using System.Net;
using System.Text;
using Agent.Events;

namespace Agent.Notify;

/// <summary>A notice for people: what, where, since when, which lines, and how to look further.</summary>
static class NoticeText
{
    const int LongestSubject = 100; // as of the service's own mails

    /// <summary>As the service writes it, with the host in the region's place.</summary>
    public static string Subject(IReadOnlyList<AlarmNotice> notices, string host)
    {
        if (notices is not [var notice])
        {
            return $"{notices.Count} alarms changed on {host}";
        }

        var (state, rest) = ($"{notice.NewState}: \"", $"\" on {host}");
        var room = Math.Max(10, LongestSubject - state.Length - rest.Length);
        var name = notice.Alarm.Length <= room ? notice.Alarm : $"{notice.Alarm[..(room - 3)]}...";
        return state + name + rest;
    }

    public static string Plain(IReadOnlyList<AlarmNotice> notices, string host)
    {
        var text = new StringBuilder();
        foreach (var notice in notices)
        {
            text.Append(text.Length > 0 ? "\n----------------------------------------\n\n" : "");
            text.Append(Headline(notice, host)).Append("\n\n");
            foreach (var (label, value) in Facts(notice, host))
            {
                text.Append(CultureInfo.InvariantCulture, $"- {label + ":",-12} {value}\n");
            }

            if (notice.Lines.Count > 0)
            {
                text.Append("\nThe lines:\n");
                foreach (var line in LinesOf(notice, notices.Count))
                {
                    text.Append(CultureInfo.InvariantCulture, $"  {OneLine(line.Text)}\n");
                }
            }

            text.Append("\nTo look further, on the host:\n");
            text.Append(CultureInfo.InvariantCulture, $"  vigil alarms explain {notice.Alarm}\n");
        }

        return text.ToString();
    }

    public static string Html(IReadOnlyList<AlarmNotice> notices, string host)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><body style=\"font-family:sans-serif\">\n");
        foreach (var notice in notices)
        {
            var colour = notice.NewState == "ALARM" ? "#b00020" : "#1b7f3b";
            html.Append(
                CultureInfo.InvariantCulture,
                $"<h2 style=\"color:{colour}\">{Safe(Headline(notice, host))}</h2>\n<table>\n");
            foreach (var (label, value) in Facts(notice, host))
            {
                html.Append(
                    CultureInfo.InvariantCulture,
                    $"<tr><td style=\"padding-right:1em\"><b>{label}</b></td><td>{Safe(value)}</td></tr>\n");
            }

            html.Append("</table>\n");
            if (notice.Lines.Count > 0)
            {
                var lines = string.Join('\n', LinesOf(notice, notices.Count).Select(line => Safe(OneLine(line.Text))));
                html.Append(
                    CultureInfo.InvariantCulture,
                    $"<p><b>The lines</b></p><pre style=\"background:#f4f4f4;padding:.5em\">{lines}</pre>\n");
            }

            html.Append(
                CultureInfo.InvariantCulture,
                $"<p>To look further, on the host: <code>vigil alarms explain {Safe(notice.Alarm)}</code></p>\n");
        }

        return html.Append("</body></html>").ToString();
    }

    // A mail of many alarms is to be read, not to be too large for its server.
    static IEnumerable<SeenLine> LinesOf(AlarmNotice notice, int notices) =>
        notice.Lines.TakeLast(notices == 1 ? int.MaxValue : 3);

    static string Headline(AlarmNotice notice, string host) => notice.LateFor is { } late
        ? $"The alarm \"{notice.Alarm}\" on {host} found late what happened at {Time(late)}."
        : $"The alarm \"{notice.Alarm}\" on {host} went from {notice.OldState} to {notice.NewState}.";

    static IEnumerable<(string Label, string Value)> Facts(AlarmNotice notice, string host)
    {
        if (notice.Description is { } description)
        {
            yield return ("Description", description);
        }

        yield return ("Host", host);
        yield return (notice.Pattern is null ? "Metric" : "File", notice.Source);
        if (notice.Pattern is { } pattern)
        {
            yield return ("Pattern", pattern);
        }

        yield return ("Since", Time(notice.ChangedAt));
        yield return ("Reason", notice.Reason);
        var trigger = notice.Trigger;
        var needed = trigger.DatapointsToAlarm ?? trigger.EvaluationPeriods;
        yield return ("Threshold", string.Create(
            CultureInfo.InvariantCulture,
            $"{trigger.Statistic} {trigger.ComparisonOperator} {trigger.Threshold} for {needed} of "
            + $"{trigger.EvaluationPeriods} periods of {trigger.PeriodSeconds} seconds"));
        yield return ("Missing data", trigger.TreatMissingData);
    }

    // What an attacker wrote may not break out of its line, nor into the mail's markup.
    static string OneLine(string text) =>
        string.Create(text.Length, text, (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) && source[i] != '\t' ? '·' : source[i];
            }
        });

    static string Safe(string text) => WebUtility.HtmlEncode(text);

    static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
