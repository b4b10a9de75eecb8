using System.CommandLine;

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
                + "them; 2026 asks for the journal too",
            DefaultValueFactory = _ => isUpstream ? "2023" : "2026"
        };
        compat.AcceptOnlyFromAmong("2023", "2026");
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the configuration and write nothing" };
        var command = new Command(
            "wizard",
            "Make a configuration by asking, as the CloudWatch agent's wizard does\n\n"
            + "Examples:\n"
            + "  vigil wizard\n"
            + "  vigil wizard --file /var/log/secure --group security --retention 30 --apply\n"
            + "  vigil wizard --answers answers.txt --dry-run\n"
            + "  vigil wizard --compat 2023 --output config.json < answers.txt")
        {
            output, root, answers, compat, dryRun
        };
        var given = new WizardOptions();
        given.AddTo(command);
        command.SetGuardedAction((parsed, cancel) =>
        {
            var under = parsed.GetRequiredValue(root);
            var path = Under(under, parsed.GetRequiredValue(output));
            var backups = isUpstream
                ? Under(under, UpstreamBackups)
                : Path.Join(Path.GetDirectoryName(path), "backups");
            return new WizardRun(
                parsed.GetValue(dryRun) ? null : new WizardFile(path, backups), CtlPlaces.Of(isUpstream, under))
            {
                IsUpstream = isUpstream,
                AsksForJournald = parsed.GetRequiredValue(compat) == "2026",
                Answers = parsed.GetValue(answers),
                Given = given.In(parsed),
                IsApplied = given.IsApplied(parsed)
            }.RunAsync(cancel);
        });
        return command;
    }

    static string Under(string root, string path) => Path.GetFullPath(Path.Join(root, Path.GetFullPath(path)));
}
