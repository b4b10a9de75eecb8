using System.CommandLine;
using System.Text;
using Agent.Aws;
using Agent.Config;
using Agent.Config.Wizard;

namespace Agent.Commands;

/// <summary><c>vigil wizard</c>, and the CloudWatch agent's own name for it: makes a configuration by asking.</summary>
static class WizardCommand
{
    const string OwnOutput = "/etc/vigil/config.json";
    const string UpstreamOutput = "/opt/aws/amazon-cloudwatch-agent/bin/config.json";
    const string UpstreamBackups = "/opt/aws/amazon-cloudwatch-agent/etc/backup-configs";

    /// <param name="isUpstream">Called by the CloudWatch agent's name: its paths are the default.</param>
    public static Command Create(bool isUpstream)
    {
        var output = new Option<string>("--output")
        {
            Description = "The file to write",
            HelpName = "FILE",
            DefaultValueFactory = _ => isUpstream ? UpstreamOutput : OwnOutput
        };
        var root = RootOption.Create();
        var answers = new Option<string?>("--answers")
        {
            Description = "Read the answers from a file, one a line, instead of asking",
            HelpName = "FILE"
        };
        var compat = new Option<string>("--compat")
        {
            Description = "The year of the CloudWatch agent's wizard whose questions are asked: 2023 as tutorials show "
                + "them; 2026 asks for the journal too, which Vigil does not read yet",
            DefaultValueFactory = _ => "2023"
        };
        compat.AcceptOnlyFromAmong("2023", "2026");
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the configuration and write nothing" };
        var command = new Command(
            "wizard",
            "Make a configuration by asking, as the CloudWatch agent's wizard does\n\n"
            + "Examples:\n"
            + "  vigil wizard\n"
            + "  vigil wizard --answers answers.txt --dry-run\n"
            + "  vigil wizard --compat 2023 --output config.json < answers.txt")
        {
            output, root, answers, compat, dryRun
        };
        command.SetGuardedAction((parsed, cancel) =>
        {
            var path = Under(parsed.GetRequiredValue(root), parsed.GetRequiredValue(output));
            var backups = isUpstream
                ? Under(parsed.GetRequiredValue(root), UpstreamBackups)
                : Path.Join(Path.GetDirectoryName(path), "backups");
            var file = parsed.GetValue(dryRun) ? null : new WizardFile(path, backups);
            return RunAsync(parsed.GetRequiredValue(compat), parsed.GetValue(answers), file, cancel);
        });
        return command;
    }

    static string Under(string root, string path) => Path.GetFullPath(Path.Join(root, Path.GetFullPath(path)));

    // Without a file nothing is written. Whoever waits for a key cannot be told to stop: so others wait for him.
    static async Task<int> RunAsync(string compat, string? answers, WizardFile? file, CancellationToken cancel)
    {
        file?.Try();
        try
        {
            return await Task.Run(() => AskAsync(compat, answers, file, cancel), cancel).WaitAsync(cancel);
        }
        catch (EndOfStreamException e)
        {
            throw new UsageException($"{e.Message}; {WhatIsWritten(file)}");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"vigil wizard: {WhatIsWritten(file)}");
            return ExitCode.Failed;
        }
    }

    static string WhatIsWritten(WizardFile? file) =>
        file is { IsWritten: true } ? $"{file.Path} is written" : "nothing was written";

    static async Task<int> AskAsync(string compat, string? answers, WizardFile? file, CancellationToken cancel)
    {
        using var lines = answers is null ? null : new StreamReader(answers);
        Task<InstanceFacts?>? facts = null;
        var dialogue = new Dialogue(lines ?? Console.In, Console.Out);
        var wizard = new ConfigurationWizard(dialogue, new()
        {
            AsksForJournald = compat == "2026",
            IsOnEc2Async = async () => await (facts ??= AskForFactsAsync(cancel)) is not null,
            RegionAsync = async () => (await (facts ??= AskForFactsAsync(cancel)))?.Region
                ?? HostEnvironment.Region() ?? "us-east-1",
            LookAt = WizardLook.At
        });
        var document = await wizard.AskAsync();
        cancel.ThrowIfCancellationRequested();
        var isGood = await CheckAsync(file?.Path ?? "the configuration", document);
        Save(dialogue, document, file, isGood);
        if (isGood && await wizard.AskWhereToStoreAsync() is { } where)
        {
            using var store = ParameterStore.In(where.Region, HostEnvironment.Variant());
            await store.PutAsync(where.Name, document, cancel);
            dialogue.Say($"Successfully put config to parameter store {where.Name}.");
        }

        dialogue.Say("Program exits now.");
        return isGood ? ExitCode.Done : ExitCode.BadUsage;
    }

    static async Task<InstanceFacts?> AskForFactsAsync(CancellationToken cancel)
    {
        if (!InstanceFacts.AreExpected)
        {
            return null;
        }

        using var metadata = new InstanceMetadata();
        return await InstanceFacts.TryAskAsync(metadata, HostEnvironment.Region(), cancel);
    }

    // An answer may be such as no configuration can have: a name with a blank, an expression that is none.
    static async Task<bool> CheckAsync(string name, string document)
    {
        var faults = ConfigurationReader.Read(name, Encoding.UTF8.GetBytes(document)).Faults;
        await FaultText.PrintAsync(faults);

        return faults.All(fault => fault.Severity != Severity.Error);
    }

    // What has faults must not take the place of what has none.
    static void Save(Dialogue dialogue, string document, WizardFile? file, bool isGood)
    {
        dialogue.Say("Current config as follows:");
        dialogue.Say(document);
        if (file is null)
        {
            dialogue.Say("Nothing was written.");
        }
        else if (!isGood)
        {
            dialogue.Say($"It has faults, and did not become {file.Path}: it is in {file.WriteBeside(document)}.");
        }
        else
        {
            if (file.Write(document) is { } kept)
            {
                dialogue.Say($"Existing config JSON identified and copied to: {kept}");
            }

            dialogue.Say($"The config file is located at {file.Path}.");
        }
    }
}
