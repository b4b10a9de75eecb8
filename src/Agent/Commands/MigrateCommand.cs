using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil migrate</c>: takes over the configuration of another agent, and how far it has read.</summary>
static class MigrateCommand
{
    public static Command Create()
    {
        var from = new Option<string?>("--from")
        {
            Description = "Whose; the first that is found where none is named",
            HelpName = "AGENT"
        };
        from.AcceptOnlyFromAmong([.. MigrationSource.Agents]);
        var path = new Argument<string?>("PATH")
        {
            Description = "Its configuration, where that is not at its usual place",
            Arity = ArgumentArity.ZeroOrOne
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be done, and do nothing" };
        var root = RootOption.Create();
        var command = new Command(
            "migrate",
            "Take over the configuration of another agent and how far it has read, so that nothing is sent twice and "
            + "nothing is left out. Stop that agent first\n\n"
            + "Examples:\n"
            + "  vigil migrate --dry-run\n"
            + "  vigil migrate --from cloudwatch-agent\n"
            + "  vigil migrate --from fluent-bit /etc/fluent-bit/fluent-bit.conf")
        {
            from, path, dryRun, root
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var under = parsed.GetRequiredValue(root);
            var source = MigrationSource.Find(parsed.GetValue(from), parsed.GetValue(path), under);
            return await new Migration(source, CtlPlaces.Of(isUpstream: false, under)).RunAsync(
                parsed.GetValue(dryRun), cancel);
        });
        return command;
    }
}
