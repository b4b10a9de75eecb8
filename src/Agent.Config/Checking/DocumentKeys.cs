using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>The document as a whole and the section that is Vigil's own. Other keys at the top are ignored, as the
/// CloudWatch agent's schema has it.</summary>
static class DocumentKeys
{
    static readonly Section Vigil = new(UnknownKeys.Refused,
    [
        // The longest force_flush_interval, in milliseconds.
        new("linger_ms", new Whole(0, 172_800_000), "the milliseconds an incomplete batch waits"),
        new("memory_budget_mb", new Whole(16, 4096), "the megabytes that unsent lines may take")
    ]);

    static readonly Section Document = new(UnknownKeys.Ignored,
    [
        new("agent", AgentKeys.Section, "an object"),
        new("logs", LogsKeys.Section, "logs_collected.files.collect_list in it", Needed: LogsKeys.NoFile,
            Further: Destinations.Check),
        new("vigil", Vigil, "an object"),
        new("metrics", new AnyObject(), "an object", NotServed: "no metrics are collected"),
        new("traces", new AnyObject(), "an object", NotServed: "no traces are collected"),
        new("opentelemetry", new AnyObject(), "an object", NotServed: "nothing is collected for it")
    ]);

    static readonly Key Root = new("", Document, "an object with logs in it");

    public static void Check(Value root, FaultList faults) => Document.Check(root, Root, faults);
}
