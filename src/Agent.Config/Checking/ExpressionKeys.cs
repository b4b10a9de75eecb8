using Agent.Config.Expressions;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>Regular expressions. A fault tells the character inside of them too: they can be long.</summary>
static class ExpressionKeys
{
    public static void Check(Value value, FaultList faults) => Check(value, timestampFormat: null, faults);

    /// <summary>A list of them.</summary>
    public static void CheckAll(Value value, FaultList faults)
    {
        foreach (var item in ((ListValue)value).Items)
        {
            if (!EnvironmentVariable.Report(item, faults))
                Check(item, faults);
        }
    }

    /// <summary>The start pattern of an entry, which may hold the entry's timestamp.</summary>
    public static void CheckStart(ObjectValue entry, FaultList faults)
    {
        if (entry.Member("multi_line_start_pattern")?.Value is not TextValue value)
            return;

        var format = entry.Text("timestamp_format");
        if (format is null && value.Text.Contains(Expression.Timestamp, StringComparison.Ordinal))
        {
            faults.Error(value, $"{Expression.Timestamp} was found, but the entry has no timestamp_format",
                "set timestamp_format too");
        }
        else
        {
            WarnOfMisspelling(value, faults);
            Check(value, format, faults);
        }
    }

    static void Check(Value value, string? timestampFormat, FaultList faults)
    {
        var written = ((TextValue)value).Text;
        if (!Expression.TryRead(written, timestampFormat, out _, out var fault))
            faults.Error(value, $"character {fault.Column} of {value.Found}: {fault.What}", fault.Remedy);
    }

    // The CloudWatch agent takes it for text, and then no line ever begins an event.
    static void WarnOfMisspelling(TextValue value, FaultList faults)
    {
        var rest = value.Text.Replace(Expression.Timestamp, "", StringComparison.Ordinal);
        var start = rest.IndexOf("{time", StringComparison.OrdinalIgnoreCase);
        var end = start < 0 ? -1 : rest.IndexOf('}', start);
        if (end > start)
        {
            faults.Warning(value, $"{Shown.Text(rest[start..(end + 1)])} was found, it stands for itself only",
                $"write {Expression.Timestamp} where the timestamp is meant");
        }
    }
}
