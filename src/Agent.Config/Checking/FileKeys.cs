using System.Buffers;
using Agent.Config.Model;
using Agent.Config.Reading;
using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>The keys of an entry of <c>collect_list</c>. Source: CloudWatch agent schema, which has
/// no others.</summary>
static class FileKeys
{
    /// <summary>Any of these makes a pattern of a path for the CloudWatch agent.</summary>
    public static readonly SearchValues<char> Wildcards = SearchValues.Create("*?[]{}");

    const string AsRead = "events carry the time they were read";
    const string FilterHasBoth = "a filter has type and expression";
    const string OneFile = "the file named by file_path is read";

    static readonly Section Filter = new(UnknownKeys.Refused,
    [
        new("type", new OneOfTexts("include", "exclude"), "what a match does", Needed: FilterHasBoth),
        new("expression", new Text(1, 1 << 16), "a regular expression", Needed: FilterHasBoth)
    ]);

    public static Section Section { get; } = new(UnknownKeys.Refused,
    [
        new("file_path", new Text(1, 4096), "the path of the file to read", Needed: "an entry is one file",
            Further: CheckPath),
        new("log_group_name", new Text(1, Limits.NameLength), "the log group's name", Further: Names.CheckGroup),
        new("log_stream_name", new Text(1, Limits.NameLength), "the log stream's name", Further: Names.CheckStream),
        new("log_group_class", new Text(1, 512), "STANDARD or INFREQUENT_ACCESS", Further: CheckClass),
        new("retention_in_days", new OneOfNumbers([-1, .. Limits.RetentionDays]),
            "the days the group keeps its events, or -1 to leave that alone"),

        new("timestamp_format", new Text(1, 4096), "the layout of a line's timestamp", NotServed: AsRead),
        new("timezone", new OneOfTexts("Local", "LOCAL", "UTC"), "the zone of a line's timestamp", NotServed: AsRead),
        new("trim_timestamp", new Flag(), "true to cut a line's timestamp off", NotServed: "lines are sent whole"),
        new("multi_line_start_pattern", new Text(1, 4096), "what the first line of an event looks like",
            NotServed: "every line is an event of its own"),
        new("encoding", new Text(1, 4096), "the file's encoding", NotServed: "the file is read as UTF-8"),
        new("filters", new ListOf(Filter, 0), "which lines are sent", NotServed: "all lines are sent"),
        new("blacklist", new Text(1, 4096), "which files are left out", NotServed: OneFile),
        new("publish_multi_logs", new Flag(), "true to read all matching files", NotServed: OneFile),
        new("auto_removal", new Flag(), "true to delete a file once it is sent", NotServed: "no file is deleted"),
        new("backpressure_mode", new OneOfTexts("fd_release"), "what happens to open files in an outage",
            NotServed: "a file stays open while it has unsent lines"),
        .. SharedKeys.Entity
    ]);

    static void CheckPath(Value value, FaultList faults)
    {
        var path = ((TextValue)value).Text;
        if (path.AsSpan().IndexOfAny(Wildcards) is >= 0 and var wildcard)
        {
            faults.Error(value, $"'{path[wildcard]}' was found, wildcards are not served yet and only a literal path"
                + " is allowed", "name each file in an entry of its own");
        }
        else if (path.Contains('\0'))
        {
            faults.Error(value, "the character U+0000 was found, no path has one", "delete it");
        }
    }

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
