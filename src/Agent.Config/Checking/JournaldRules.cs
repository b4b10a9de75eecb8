using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>What the entries of journald's <c>collect_list</c> and what <c>vigil.journald</c> says about them must
/// agree on.</summary>
static class JournaldRules
{
    public static void Check(ObjectValue document, FaultList faults)
    {
        var entries = CollectedJournal.EntriesOf(document.Section("logs")).ToList();
        var groups = entries.Select(entry => entry.Text("log_group_name")).OfType<string>().ToList();
        var extras = CollectedJournal.ExtrasOf(document.Section("vigil")).ToList();
        foreach (var group in extras.Select(extra => extra.Member("log_group_name")?.Value).OfType<TextValue>())
        {
            if (!groups.Contains(group.Text))
            {
                faults.Error(group, $"{group.Found} was found, no entry of journald's collect_list has it",
                    NearMiss.Of(group.Text, groups) is { } meant ? $"did you mean {Shown.Text(meant)}?"
                        : "write it as it stands there");
            }
        }

        foreach (var extra in extras)
        {
            if (extra.Member("log_stream_name")?.Value is TextValue stream && extra.Text("log_group_name") is { } group
                && groups.Contains(group)
                && !entries.Any(entry => entry.Text("log_group_name") == group
                    && (entry.Text("log_stream_name") ?? stream.Text) == stream.Text))
            {
                faults.Error(stream, $"{stream.Found} was found, no entry of that log group has it",
                    "write it as it stands there, or delete it");
            }
        }

        foreach (var same in extras.GroupBy(one => (one.Text("log_group_name"), one.Text("log_stream_name"))))
        {
            foreach (var again in same.Skip(1))
            {
                faults.Error(again, $"is about the same entry as line {same.First().Place.Line}, one is allowed",
                    "put the two together");
            }
        }
    }

    /// <summary>Upper-case letters, digits and underscores, and no digit first. Source: systemd, sd_journal_add_match.
    /// </summary>
    public static void CheckFields(Value value, FaultList faults)
    {
        foreach (var field in ((ListValue)value).Items.OfType<ObjectValue>().SelectMany(match => match.Members))
        {
            if (!IsField(field.Name))
            {
                faults.Error(field, $"{Shown.Text(field.Name)} was found, which is no field of the journal",
                    "write it as 'journalctl -o verbose' shows it, such as _SYSTEMD_UNIT");
            }
        }
    }

    // Those with two underscores are no fields, but what the library makes of an entry.
    static bool IsField(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0])
        && !name.StartsWith("__", StringComparison.Ordinal)
        && name.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_');

    public static void CheckUnits(Value value, FaultList faults)
    {
        foreach (var unit in ((ListValue)value).Items.OfType<TextValue>())
        {
            if (!unit.Text.AsSpan().ContainsAny("*?["))
                continue;

            faults.Warning(unit, $"{unit.Found} was found, wildcards in a unit's name stand for themselves",
                "name each unit, or set matches");
        }
    }
}
