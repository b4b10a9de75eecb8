using System.CommandLine;
using Agent.Config;

namespace Agent.Commands;

/// <summary><c>vigil config check</c>: every fault of a configuration at once.</summary>
static class ConfigCheckCommand
{
    public static Command Create()
    {
        var path = ConfigCommand.PathArgument();
        var command = new Command(
            "check",
            "Say all that is wrong with a configuration: where, what, and what to do; ends with 2 where it is not "
            + "good\n\n"
            + "Examples:\n"
            + "  vigil config check config.json\n"
            + "  vigil config check /etc/vigil/config.d")
        {
            path
        };
        command.SetGuardedAction(async (parsed, _) =>
        {
            var named = parsed.GetRequiredValue(path);
            EnvironmentFile.TakeOver(named); // what ${NAME} in it stands for
            var result = ConfigurationReader.Read(named);
            await FaultText.PrintAsync(result.Faults);

            if (result.Configuration is not { } configuration)
            {
                return ExitCode.BadUsage;
            }

            foreach (var warning in PlanLoading.RelativePathsIn(configuration))
            {
                await Console.Error.WriteLineAsync(warning);
            }

            await Console.Out.WriteLineAsync(
                $"{named} is good: {configuration.Logs.Files.Count} entries in logs.logs_collected.files.collect_list"
                + (configuration.Logs.Journal.Count > 0 ? $", {configuration.Logs.Journal.Count} in journald's" : ""));
            return ExitCode.Done;
        });
        return command;
    }
}
