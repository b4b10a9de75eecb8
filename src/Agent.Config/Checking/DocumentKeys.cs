using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>The document as a whole. Other keys at the top are ignored, as the
/// CloudWatch agent's schema has it.</summary>
static class DocumentKeys
{
    public static readonly Section Document = new(UnknownKeys.Ignored,
    [
        new("agent", AgentKeys.Section, "an object"),
        new("logs", LogsKeys.Section, "logs_collected.files.collect_list in it", Further: EntryRules.Check),
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

        CheckPurpose((ObjectValue)root, faults);
        VigilFilesRules.Check((ObjectValue)root, faults);
        JournaldRules.Check((ObjectValue)root, faults);
        WatchRules.Check((ObjectValue)root, faults);
    }

    // A host that ships nothing may still be watched: a NAT gateway, say.
    static void CheckPurpose(ObjectValue document, FaultList faults)
    {
        var vigil = document.Section("vigil");
        var isWatched = vigil?.Member("nat_gateway") is not null
            || vigil?.Section("metrics")?.Flag("heartbeat") == true
            || vigil?.List("detections")?.Items.Count > 0
            || vigil?.List("packs")?.Items.Count > 0;
        if (document.Member("logs") is null && !isWatched)
        {
            var logs = Document.Keys.First(key => key.Name == "logs");
            faults.Error(document.Place, document.Path.Key("logs"), $"is missing, {LogsKeys.NoFile}", logs.Remedy);
        }
    }
}
