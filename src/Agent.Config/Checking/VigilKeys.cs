using Agent.Config.Model;
using Agent.Config.Reading;
using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>The keys of the <c>vigil</c> section, which is Vigil's own.</summary>
static class VigilKeys
{
    const int DaySeconds = 86_400;

    /// <summary>Ten years.</summary>
    const int LongestAgeSeconds = 3650 * DaySeconds;

    const int MostFiles = 16_384;
    const string JournalFormat =
        "what a log event says of an entry of the journal: all fields, a line of syslog, or the message";

    const int MostDetections = 1000;

    static readonly Key MultiLine =
        new("multi_line", new OneOfTexts("on", "off"), "off to send every line as an event of its own");

    static readonly Key TailAll =
        new("tail_all", new Flag(), "true to read every file that fits, not only the newest");

    static readonly Key PartialLineTimeout =
        new("partial_line_timeout", new Whole(1, DaySeconds), "the seconds a line waits for its end");

    static readonly Key KmsKey =
        new("kms_key_id", new Text(1, Limits.KmsKeyLength), "the ARN of the KMS key of log groups that are made");

    static readonly Key Tags =
        new("log_group_tags", new TextMap(Limits.Tags, Limits.TagKeyLength, Limits.TagValueLength),
            "the tags of log groups that are made");

    static readonly Key RoleArn = new("role_arn", new Text(20, 2048), "the role that its log events are sent as");

    static readonly Key StartPosition = new(
        "start_position", new OneOfTexts("beginning", "end"), "where what is there already is read from");

    static readonly Section File = new(UnknownKeys.Refused,
    [
        new("file_path", new Text(1, 4096), "the file_path of the entry that is meant", Needed: "it says which entry"),
        new("log_group_name", new Text(1, Limits.NameLength), "the entry's log group"),
        MultiLine,
        new("multi_line_timeout_ms", new Whole(1, DaySeconds * 1000L),
            "the milliseconds an event waits for more lines"),
        TailAll,
        PartialLineTimeout,
        StartPosition,
        new("ignore_older", new Whole(1, LongestAgeSeconds), "the seconds after which a quiet file is left alone"),
        new("timezone", new Text(1, 255), "the zone of a line's timestamp", Further: TextKeys.CheckZone),
        RoleArn,
        KmsKey,
        Tags,
        new("exclude", new ListOf(new Text(1, 4096), 0), "patterns of the files to leave out",
            Further: GlobKeys.CheckAll)
    ]);

    static readonly Section Journal = new(UnknownKeys.Refused,
    [
        new("log_group_name", new Text(1, Limits.NameLength), "the log group of the entry that is meant",
            Needed: "it says which entry"),
        new("log_stream_name", new Text(1, Limits.NameLength), "the entry's log stream"),
        new("format", new OneOfTexts([.. CollectedJournal.Formats]), JournalFormat),
        StartPosition,
        RoleArn,
        KmsKey,
        Tags
    ]);

    static readonly Section Spool = new(UnknownKeys.Refused,
    [
        new("max_mb", new Whole(1, 1_048_576), "the megabytes of disk that deleted files may take",
            Needed: "it says how much disk may be taken")
    ]);

    public static Section Section { get; } = new(UnknownKeys.Refused,
    [
        // The longest force_flush_interval, in milliseconds.
        new("linger_ms", new Whole(0, 172_800_000), "the milliseconds an incomplete batch waits"),
        new("memory_budget_mb", new Whole(16, 4096), "the megabytes that unsent lines may take"),
        new("compression", new OneOfTexts("gzip", "none"), "whether batches are compressed on their way"),
        new("dead_letters_mb", new Whole(1, 65_536),
            "the megabytes that log events may take that are refused for good"),
        new("spool", Spool, "what is kept of files that are deleted before they are delivered"),
        new("role_session_name", new Text(2, 64), "what CloudTrail calls the sessions of a role that is assumed"),
        new("role_external_id", new Text(2, 1224), "what the trust policy of a role may ask for"),
        KmsKey,
        Tags,
        MultiLine,
        TailAll,
        PartialLineTimeout,
        new("follow_links", new OneOfTexts("any"), "any to follow symbolic links of every user"),
        new("metrics_port", new Whole(1, 65_535), "the port of this machine that /metrics and /healthz are on"),
        new("max_open_files", new Whole(16, 1_000_000), "the files held open at a time"),
        new("files", new ListOf(File, 0, MostFiles), "what concerns single entries of collect_list"),
        new("journald", new ListOf(Journal, 0, MostFiles), "what concerns single entries of journald's collect_list"),
        new("journald_format", new OneOfTexts([.. CollectedJournal.Formats]), JournalFormat),
        new("journald_directory", new Text(1, 4096), "the folder of the journal, where it is not this machine's own",
            Further: CheckFolder),
        new("detections", new ListOf(DetectionKeys.Section, 0, MostDetections), "what is watched for on this host"),
        new("packs", new ListOf(DetectionKeys.Pack, 0, MostDetections), "detections that come with Vigil"),
        new("metrics", MetricsKeys.Metrics, "where metrics are published, and what the agent tells of itself"),
        new("nat_gateway", MetricsKeys.NatGateway, "what is measured of a host that is a NAT gateway"),
        new("notifications", new ListOf(NotificationKeys.Section, 0, MostDetections), "who is told of alarms, and how")
    ]);

    static void CheckFolder(Value value, FaultList faults)
    {
        if (!Path.IsPathRooted(((TextValue)value).Text))
            faults.Error(value, $"{value.Found} was found, a whole path is allowed", "begin it with /");
    }
}
