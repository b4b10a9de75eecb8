using Agent.Config.Model;
using Agent.Config.Reading;
using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>The keys of an entry of <c>collect_list</c>. Source: CloudWatch agent schema, which has
/// no others.</summary>
static class FileKeys
{
    const string FilterHasBoth = "a filter has type and expression";

    public static readonly Section Filter = new(UnknownKeys.Refused,
    [
        new("type", new OneOfTexts("include", "exclude"), "what a match does", Needed: FilterHasBoth),
        new("expression", new Text(1, 1 << 16), "a regular expression", Needed: FilterHasBoth,
            Further: ExpressionKeys.Check)
    ]);

    public static Section Section { get; } = new(UnknownKeys.Refused,
    [
        new("file_path", new Text(1, 4096), "the path of the file to read", Needed: "an entry is a file",
            Further: GlobKeys.CheckFile),
        new("log_group_name", new Text(1, Limits.NameLength), "the log group's name", Further: Names.CheckGroup),
        new("log_stream_name", new Text(1, Limits.NameLength), "the log stream's name", Further: Names.CheckStream),
        new("log_group_class", new Text(1, 512), "STANDARD or INFREQUENT_ACCESS", Further: CheckClass),
        new("retention_in_days", new OneOfNumbers([-1, .. Limits.RetentionDays]),
            "the days the group keeps its events, or -1 to leave that alone"),

        new("timestamp_format", new Text(1, 4096), "the layout of a line's timestamp",
            Further: TextKeys.CheckTimestampFormat),
        new("timezone", new OneOfTexts("Local", "LOCAL", "UTC"),
            "the zone of a line's timestamp, or another one in vigil.files"),
        new("trim_timestamp", new Flag(), "true to cut a line's timestamp off"),
        new("multi_line_start_pattern", new Text(1, 4096), "what the first line of an event looks like"),
        new("encoding", new Text(1, 4096), "the file's encoding", Further: TextKeys.CheckEncoding),
        new("filters", new ListOf(Filter, 0), "which events are sent"),
        new("blacklist", new Text(1, 4096), "which files are left out", Further: ExpressionKeys.Check),
        new("publish_multi_logs", new Flag(), "true to read all matching files"),
        new("auto_removal", new Flag(), "true to delete a file once it is sent"),
        new("backpressure_mode", new OneOfTexts("fd_release"), "what happens to open files in an outage"),
        .. SharedKeys.Entity
    ]);

    // A warning, since the CloudWatch agent takes any text here and leaves out the classes it does not know.
    static void CheckClass(Value value, FaultList faults)
    {
        if (CollectedFile.ClassOf(((TextValue)value).Text) is null)
        {
            faults.Warning(value, $"{value.Found} is not served yet: a new group gets the class the service chooses",
                $"set {string.Join(" or ", CollectedFile.Classes)}");
        }
    }
}
