using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>What the keys of one entry of <c>collect_list</c> must agree on.</summary>
static class EntryRules
{
    public static void Check(Value logs, FaultList faults)
    {
        LogsKeys.CheckCollected((ObjectValue)logs, faults);
        foreach (var entry in LogsSection.EntriesOf((ObjectValue)logs))
        {
            ExpressionKeys.CheckStart(entry, faults);
            CheckRemoval(entry, faults);
        }

        Destinations.Check(logs, faults);
    }

    // A warning only: the CloudWatch agent starts with both, and then stops reading every file but the newest.
    static void CheckRemoval(ObjectValue entry, FaultList faults)
    {
        if (entry.Flag("auto_removal") && entry.Flag("publish_multi_logs"))
        {
            faults.Warning(entry.Member("auto_removal")!, "does not go together with publish_multi_logs: no file is"
                + " deleted", "delete one of the two");
        }
    }
}
