using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>The keys of the <c>logs</c> section. Source: CloudWatch agent schema, which refuses others.</summary>
static class LogsKeys
{
    public const string NoFile = "no file is collected without it";

    const int MostFiles = 16_384;

    static readonly Section Files = new(UnknownKeys.Refused,
    [
        new("collect_list", new ListOf(FileKeys.Section, 1, MostFiles), "the files to collect", Needed: NoFile)
    ]);

    static readonly Section Collected = new(UnknownKeys.Refused,
    [
        new("files", Files, "collect_list in it", Needed: NoFile),
        new("journald", JournaldKeys.Section, "collect_list in it", NotServed: "the journal is not read"),
        new("windows_events", WindowsEventKeys.Section, "collect_list in it", NotServed: "no event log is read"),
        new("application_signals", new AnyObject(), "an object", NotServed: "no application is observed")
    ]);

    public static Section Section { get; } = new(UnknownKeys.Refused,
    [
        new("logs_collected", Collected, "files.collect_list in it", Needed: NoFile),
        new("log_stream_name", new Text(1, Limits.NameLength), "the stream of the files that name none",
            Further: Names.CheckStream),
        new("force_flush_interval", new Whole(1, 172_800), "the seconds an incomplete batch waits"),
        new("endpoint_override", new Text(4, 2048), "the service's address", Further: SharedKeys.CheckEndpoint),

        new("metrics_collected", new AnyObject(), "an object", NotServed: "no metrics are collected"),
        new("concurrency", new Whole(1), "the requests at a time", NotServed: "the agent finds the number by itself"),
        SharedKeys.Credentials,
        .. SharedKeys.Entity
    ]);
}
