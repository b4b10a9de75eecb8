using System.Text.Json.Nodes;

namespace Agent.Config.Wizard;

/// <summary>What is asked of each log file.</summary>
/// <param name="user">Who is to read them; null on another system.</param>
sealed class LogFileQuestions(Dialogue dialogue, WizardSettings settings, string? user)
{
    /// <summary>Adds entries of a collect_list until no more are wanted.</summary>
    public void AskInto(JsonArray files, bool isEc2)
    {
        do
        {
            files.Add((JsonNode)AskForOne(isEc2));
        }
        while (dialogue.Confirm(Questions.MoreLogFiles));
    }

    JsonObject AskForOne(bool isEc2)
    {
        var path = dialogue.Ask("Log file path:");
        foreach (var remark in settings.LookAt(path, user))
            dialogue.Say(remark);

        return new()
        {
            ["file_path"] = path,
            ["log_group_name"] = dialogue.Ask("Log group name:", GroupOf(path)),
            ["log_group_class"] =
                Questions.LogGroupClass.Options[dialogue.Choose(Questions.LogGroupClass) - 1],
            ["log_stream_name"] = dialogue.Ask("Log stream name:", isEc2 ? "{instance_id}" : "{hostname}"),
            ["retention_in_days"] = Questions.RetentionDays[dialogue.Choose(Questions.Retention) - 1]
        };
    }

    // A Windows path is one on any system: the configuration may be for another host.
    static string GroupOf(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..].Replace(' ', '_');
}
