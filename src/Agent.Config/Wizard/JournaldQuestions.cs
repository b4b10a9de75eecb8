using System.Text.Json.Nodes;

namespace Agent.Config.Wizard;

/// <summary>What is asked of the journal, in the order of the CloudWatch agent's wizard of 2026, whose words
/// are not known here.</summary>
sealed class JournaldQuestions(Dialogue dialogue)
{
    const string Ending = " (one a line, an empty line ends)";

    /// <summary>Adds entries of a collect_list until no more are wanted.</summary>
    public void AskInto(JsonArray entries, bool isEc2)
    {
        do
        {
            entries.Add((JsonNode)AskForOne(isEc2));
        }
        while (dialogue.Confirm("Do you want to specify any additional journald configuration?"));
    }

    JsonObject AskForOne(bool isEc2)
    {
        var entry = new JsonObject
        {
            ["log_group_name"] = dialogue.Ask("Log group name:", "journald"),
            ["log_stream_name"] = dialogue.Ask("Log stream name:", isEc2 ? "{instance_id}" : "{hostname}")
        };
        if (dialogue.Confirm("Do you want to filter by systemd units?", isDefaultYes: false))
            Add(entry, "units", dialogue.AskForSome("Units" + Ending).Select(unit => (JsonNode?)unit));

        if (dialogue.Confirm("Do you want to filter by priority?", isDefaultYes: false))
            entry["priority"] = Questions.Priority.Options[dialogue.Choose(Questions.Priority) - 1];

        if (dialogue.Confirm("Do you want to filter by journal fields?", isDefaultYes: false))
            Add(entry, "matches", AskForMatches());

        if (dialogue.Confirm("Do you want to filter by regular expressions?", isDefaultYes: false))
            Add(entry, "filters", AskForFilters());

        entry["retention_in_days"] = Questions.RetentionDays[dialogue.Choose(Questions.Retention) - 1];
        return entry;
    }

    IEnumerable<JsonNode?> AskForMatches()
    {
        foreach (var line in dialogue.AskForSome("Fields as NAME=VALUE" + Ending))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
                yield return new JsonObject { [line[..at]] = line[(at + 1)..] };
            else
                dialogue.Say($"{line} is no NAME=VALUE, and left out.");
        }
    }

    IEnumerable<JsonNode?> AskForFilters()
    {
        do
        {
            yield return new JsonObject
            {
                ["type"] = Questions.FilterType.Options[dialogue.Choose(Questions.FilterType) - 1],
                ["expression"] = dialogue.Ask("Regular expression:")
            };
        }
        while (dialogue.Confirm("Do you want to specify any additional expression?", isDefaultYes: false));
    }

    static void Add(JsonObject entry, string key, IEnumerable<JsonNode?> values)
    {
        var list = new JsonArray([.. values]);
        if (list.Count > 0)
            entry[key] = list;
    }
}
