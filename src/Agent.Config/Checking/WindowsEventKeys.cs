using Agent.Config.Reading;
using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>The keys of <c>windows_events</c>. Source: CloudWatch agent schema.</summary>
static class WindowsEventKeys
{
    static readonly string[] Choices = ["event_levels", "event_ids", "filters"];

    static readonly Section Entry = new(UnknownKeys.Refused,
    [
        new("event_name", new Text(1, 255), "the event log's name", Needed: "an entry is an event log"),
        new("event_levels",
            new ListOf(new OneOfTexts("CRITICAL", "ERROR", "WARNING", "INFORMATION", "VERBOSE"), 1),
            "the levels of the events that are meant"),
        new("event_ids", new ListOf(new Whole(0, 65_535), 1), "the ids of the events that are meant"),
        new("filters", new ListOf(FileKeys.Filter, 0), "which events are sent"),
        new("event_format", new OneOfTexts("text", "xml"), "the form in which they are sent"),
        new("log_group_name", new Text(1, Limits.NameLength), "the log group's name", Further: Names.CheckGroup),
        new("log_stream_name", new Text(1, Limits.NameLength), "the log stream's name", Further: Names.CheckStream),
        new("log_group_class", new Text(1, 512), "STANDARD or INFREQUENT_ACCESS"),
        new("retention_in_days", new OneOfNumbers([-1, .. Limits.RetentionDays]),
            "the days the group keeps its events, or -1 to leave that alone")
    ]);

    public static Section Section { get; } = new(UnknownKeys.Refused,
    [
        new("collect_list", new ListOf(Entry, 0), "the event logs to collect", Further: CheckChoices)
    ]);

    static void CheckChoices(Value list, FaultList faults)
    {
        var entries = ((ListValue)list).Items.OfType<ObjectValue>();
        foreach (var entry in entries.Where(entry => !Array.Exists(Choices, key => entry.Member(key) is not null)))
        {
            faults.Error(entry, "says of no event whether it is meant, one of event_levels, event_ids and filters is "
                + "needed", "set event_levels, such as [\"ERROR\", \"CRITICAL\"]");
        }
    }
}
