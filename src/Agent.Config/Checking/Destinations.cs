using System.Globalization;
using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>What the entries of <c>collect_list</c> must agree on: a log group has one retention and one class, and a
/// file is read once for each stream it goes to.</summary>
static class Destinations
{
    /// <summary>An entry as it is written and as it is meant.</summary>
    sealed record Entry(ObjectValue Written, CollectedFile Meant);

    public static void Check(Value logs, FaultList faults)
    {
        var entries = EntriesOf((ObjectValue)logs);
        foreach (var entry in entries)
            Names.CheckGroupFromPath(entry.Written, faults);

        // The service tells groups apart by case. The CloudWatch agent does not in this rule, and one file serves both.
        var all = entries.Concat(CollectedJournal.EntriesOf((ObjectValue)logs)
            .Select(entry => new Entry(entry, CollectedFile.NamesOf(entry, ""))));
        foreach (var group in all.GroupBy(entry => entry.Meant.LogGroupName, StringComparer.OrdinalIgnoreCase))
        {
            CheckAgreement(group, "retention_in_days", file => file.RetentionInDays, faults);
            CheckAgreement(group, "log_group_class", file => file.LogGroupClass, faults);
        }

        foreach (var reader in entries.GroupBy(entry =>
                     (entry.Meant.FilePath, entry.Meant.LogGroupName, entry.Meant.LogStreamName)))
        {
            foreach (var again in reader.Skip(1))
                ReportAgain(reader.First(), again, faults);
        }
    }

    // Entries without a path have a fault of their own by now.
    static List<Entry> EntriesOf(ObjectValue logs)
    {
        var streamName = LogsSection.StreamNameOf(logs);
        return
        [
            .. LogsSection.EntriesOf(logs)
                .Where(entry => entry.Text("file_path") is { Length: > 0 })
                .Select(entry => new Entry(entry, CollectedFile.NamesOf(entry, streamName)))
        ];
    }

    static void CheckAgreement(
        IGrouping<string, Entry> group, string key, Func<CollectedFile, object?> setting, FaultList faults)
    {
        var set = group.Where(entry => setting(entry.Meant) is not null).ToList();
        foreach (var entry in set.Where(entry => !Equals(setting(entry.Meant), setting(set[0].Meant))))
        {
            var (value, first) = (entry.Written.Member(key)!.Value, set[0].Written.Member(key)!.Value);
            var what = $"{value.Found} was found, but {At(first.Place, value.Place)} has {first.Found}";
            faults.Error(value, $"{what} for the same log group {Shown.Text(group.Key)}, one is allowed",
                "set the same in both");
        }
    }

    // In another file a line alone would be looked for in the wrong one.
    static string At(Place first, Place from) =>
        first.File == from.File ? $"line {first.Line.ToString(CultureInfo.InvariantCulture)}" : $"{first}";

    static void ReportAgain(Entry first, Entry again, FaultList faults) =>
        faults.Error(
            again.Written, $"sends {Shown.Text(again.Meant.FilePath)} to the same log group and stream as "
            + $"{At(first.Written.Place, again.Written.Place)}, one entry is allowed",
            "delete one of the two, or give it another stream");
}
