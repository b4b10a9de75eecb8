using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>The document as a whole. Other keys at the top are ignored, as the
/// CloudWatch agent's schema has it.</summary>
static class DocumentKeys
{
    public static readonly Section Document = new(UnknownKeys.Ignored,
    [
        new("agent", AgentKeys.Section, "an object"),
        new("logs", LogsKeys.Section, "logs_collected.files.collect_list in it", Needed: LogsKeys.NoFile,
            Further: EntryRules.Check),
        new("vigil", VigilKeys.Section, "an object"),
        new("metrics", new AnyObject(), "an object", NotServed: "no metrics are collected"),
        new("traces", new AnyObject(), "an object", NotServed: "no traces are collected"),
        new("opentelemetry", new AnyObject(), "an object", NotServed: "nothing is collected for it")
    ]);

    static readonly Key Root = new("", Document, "an object with logs in it");

    public static void Check(Value root, FaultList faults)
    {
        if (!Document.Check(root, Root, faults))
            return;

        VigilFilesRules.Check((ObjectValue)root, faults);
        WatchRules.Check((ObjectValue)root, faults);
    }
}
