using System.Text.Json.Nodes;
using Agent.Config.Migration;

namespace Agent.Config.Wizard;

/// <summary>Makes a configuration by asking, in the order and with the numbers of the CloudWatch agent's wizard: a list
/// of answers for that one gives the same document here. Source: the CloudWatch agent's user guide and code.</summary>
public sealed class ConfigurationWizard(Dialogue dialogue, WizardSettings settings)
{
    const string Unserved = "It is not a part of what Vigil does, and nothing is written for it: ";

    /// <summary>Asks for the configuration.</summary>
    /// <returns>Its text.</returns>
    /// <exception cref="EndOfStreamException">The answers ended before the questions.</exception>
    public async Task<string> AskAsync()
    {
        dialogue.Say(Questions.Banner);
        var system = dialogue.Choose(Questions.System(OperatingSystem.IsWindows() ? Questions.Windows
            : OperatingSystem.IsMacOS() ? 3 : 1));
        dialogue.Say("Trying to fetch the default region based on ec2 metadata...");
        var isEc2 = dialogue.Choose(Questions.Place(await settings.IsOnEc2Async())) == Questions.OnEc2;
        if (!isEc2)
            dialogue.Say("Credentials and a region are needed on this host: vigil doctor tells if they are there.");

        var isWindows = system == Questions.Windows;
        var user = isWindows ? null : AskForUser();
        AskForStatsD();
        if (!isWindows)
            AskForCollectD();

        // A Windows wizard asks for the import first.
        var (logs, files) = (new JsonObject(), new JsonArray());
        if (isWindows)
            AskForImport(logs, files);

        AskForHostMetrics(isEc2);
        if (!isWindows)
            AskForImport(logs, files);

        AskForLogs(logs, files, isWindows, isEc2, user);
        if (dialogue.Confirm(Questions.Traces))
            dialogue.Say(Unserved + "the AWS Distro for OpenTelemetry sends traces to X-Ray.");

        var document = new JsonObject();
        if (user is not null)
            document["agent"] = new JsonObject { ["run_as_user"] = user };

        if (logs.Count > 0)
            document["logs"] = logs;

        return DocumentText.Of(document);
    }

    /// <summary>The last question: where else it is to be kept.</summary>
    /// <returns>Null for nowhere.</returns>
    public async Task<WizardStore?> AskWhereToStoreAsync() => dialogue.Confirm(Questions.Store)
        ? new(
            dialogue.Ask("What parameter store name do you want to use to store your config?", Questions.StoreName),
            dialogue.Ask(
                "Which region do you want to store the config in the parameter store?", await settings.RegionAsync()))
        : null;

    /// <summary>Asked at a terminal alone: the CloudWatch agent's wizard ends before.</summary>
    public bool AskWhetherToApply() => dialogue.Confirm(Questions.Apply);

    string AskForUser() => dialogue.Choose(Questions.User) switch
    {
        1 => "cwagent",
        2 => "root",
        _ => dialogue.Ask("Which is the name of the user?")
    };

    // What follows a yes is asked too, so that a list of answers stays in step.
    void AskForStatsD()
    {
        if (dialogue.Confirm(Questions.StatsD))
        {
            dialogue.Ask("Which port do you want StatsD daemon to listen to?", "8125");
            dialogue.Choose(Questions.StatsDInterval);
            dialogue.Choose(Questions.StatsDAggregation);
            dialogue.Say(Unserved + "the statsd exporter of Prometheus or the CloudWatch agent itself takes StatsD.");
        }
    }

    void AskForCollectD()
    {
        if (dialogue.Confirm(Questions.CollectD))
            dialogue.Say(Unserved + "collectd sends to CloudWatch by its plugin of that name.");
    }

    void AskForHostMetrics(bool isEc2)
    {
        if (dialogue.Confirm(Questions.HostMetrics))
        {
            AskForMetricsPlan(isEc2);
            dialogue.Say(Unserved + "the CloudWatch agent, with a metrics section alone, sends them beside it.");
        }
    }

    void AskForMetricsPlan(bool isEc2)
    {
        dialogue.Confirm("Do you want to monitor cpu metrics per core?");
        if (isEc2)
        {
            dialogue.Confirm("Do you want to add ec2 dimensions (ImageId, InstanceId, InstanceType, "
                + "AutoScalingGroupName) into all of your metrics if the info is available?");
            dialogue.Confirm("Do you want to aggregate ec2 dimensions (InstanceId)?");
        }

        dialogue.Choose(Questions.Resolution);
        do
        {
            if (dialogue.Choose(Questions.MetricsPlan) == Questions.MetricsPlan.Options.Count)
            {
                foreach (var area in new[] { "cpu", "memory", "disk", "network", "swap" })
                    dialogue.Confirm($"Do you want to monitor {area} metrics?");

                return;
            }
        }
        while (!dialogue.Confirm("Are you satisfied with the above config?"));
    }

    void AskForImport(JsonObject logs, JsonArray files)
    {
        if (dialogue.Confirm(Questions.Import, isDefaultYes: false))
            Import(logs, files);
    }

    void AskForLogs(JsonObject logs, JsonArray files, bool isWindows, bool isEc2, string? user)
    {
        if (dialogue.Confirm(Questions.LogFiles))
            new LogFileQuestions(dialogue, settings, user).AskInto(files, isEc2);

        var collected = new JsonObject();
        if (files.Count > 0)
            collected["files"] = new JsonObject { ["collect_list"] = files };

        if (settings.AsksForJournald && !isWindows && dialogue.Confirm(Questions.Journald))
        {
            var entries = new JsonArray();
            new JournaldQuestions(dialogue).AskInto(entries, isEc2);
            collected["journald"] = new JsonObject { ["collect_list"] = entries };
        }

        if (collected.Count > 0)
            logs["logs_collected"] = collected;
    }

    void Import(JsonObject logs, JsonArray files)
    {
        var path = dialogue.Ask("What is the file path for the existing cloudwatch log agent configuration file?",
            AwslogsFile.UsualPath);
        try
        {
            var imported = AwslogsFile.Read(settings.ReadFile(path));
            imported.Notes.ToList().ForEach(note => dialogue.Say($"{path}: {note}"));
            foreach (var entry in imported.Entries)
                files.Add((JsonNode)entry);

            if (imported.FlushSeconds is { } seconds)
                logs["force_flush_interval"] = seconds;

            dialogue.Say($"{path}: {imported.Entries.Count} log files were taken over.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            dialogue.Say($"{path} cannot be read, and nothing is taken over: {e.Message}");
        }
    }
}
