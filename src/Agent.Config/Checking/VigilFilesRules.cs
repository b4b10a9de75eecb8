using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>Each of <c>vigil.files</c> must be about an entry of <c>collect_list</c>, and no two about the same: a slip
/// of the pen would leave a file without what was asked for.</summary>
static class VigilFilesRules
{
    // Comparing is slow, and a document may hold thousands of each.
    const int MostCompared = 200;
    const int LongestCompared = 256;
    const int MostSuggestions = 10;

    public static void Check(ObjectValue document, FaultList faults)
    {
        var files = VigilFiles.EntriesOf(document.Section("vigil")).Where(file => file.Text("file_path") is not null)
            .ToList();
        if (files.Count == 0)
            return;

        var logs = document.Section("logs");
        var streamName = logs is null ? "" : LogsSection.StreamNameOf(logs);
        var entries = (logs is null ? [] : LogsSection.EntriesOf(logs))
            .Select(entry => CollectedFile.NamesOf(entry, streamName)).ToList();
        CheckMeant(files, entries, faults);
        foreach (var same in files.GroupBy(file => (file.Text("file_path"), file.Text("log_group_name"))))
        {
            foreach (var again in same.Skip(1))
            {
                faults.Error(again, $"is about the same entry as line {same.First().Place.Line}, one is allowed",
                    "put the two together");
            }
        }
    }

    static void CheckMeant(List<ObjectValue> files, List<CollectedFile> entries, FaultList faults)
    {
        var groups = entries.ToLookup(entry => entry.FilePath, entry => entry.LogGroupName, StringComparer.Ordinal);
        var suggestions = 0;
        foreach (var file in files)
        {
            var path = file.Member("file_path")!.Value;
            var known = groups[file.Text("file_path")!].ToList();
            if (known.Count == 0)
            {
                var meant = ++suggestions > MostSuggestions ? null : NearestTo(file.Text("file_path")!, entries);
                faults.Error(path, $"{path.Found} was found, no entry of collect_list has it",
                    meant is null ? "write it as it stands there" : $"did you mean {Shown.Text(meant)}?");
            }
            else if (file.Member("log_group_name")?.Value is TextValue group && !known.Contains(group.Text))
            {
                faults.Error(group, $"{group.Found} was found, the entry's log group is {Shown.Text(known[0])}",
                    "write it as it stands there, or delete it");
            }
        }
    }

    static string? NearestTo(string path, List<CollectedFile> entries) =>
        path.Length > LongestCompared ? null
        : NearMiss.Of(path, entries.Take(MostCompared).Select(entry => entry.FilePath)
            .Where(known => known.Length <= LongestCompared));
}
