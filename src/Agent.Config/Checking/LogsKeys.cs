using Agent.Config.Model;
using Agent.Config.Reading;
using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>The keys of the <c>logs</c> section. Source: CloudWatch agent schema, which refuses others.</summary>
static class LogsKeys
{
    public const string NoFile = "no file is collected without it";

    const string CollectList = "collect_list in it";
    const int MostFiles = 16_384;

    static readonly Section Files = new(UnknownKeys.Refused,
    [
        new("collect_list", new ListOf(FileKeys.Section, 1, MostFiles), "the files to collect", Needed: NoFile)
    ]);

    static readonly Section Collected = new(UnknownKeys.Refused,
    [
        new("files", Files, CollectList),
        new("journald", JournaldKeys.Section, CollectList),
        new("windows_events", WindowsEventKeys.Section, CollectList, NotServed: "no event log is read"),
        new("application_signals", new AnyObject(), "an object", NotServed: "no application is observed")
    ]);

    /// <summary>Files, or entries of the journal: without either there is nothing to send.</summary>
    public static void CheckCollected(ObjectValue logs, FaultList faults)
    {
        if (logs.Section("logs_collected") is { } collected && collected.Member("files") is null
            && !CollectedJournal.EntriesOf(logs).Any())
        {
            faults.Error(collected.Place, collected.Path.Key("files"), $"is missing, {NoFile}", $"set {CollectList}");
        }
    }

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
