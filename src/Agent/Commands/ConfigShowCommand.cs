using System.CommandLine;
using Agent.Config;

namespace Agent.Commands;

/// <summary><c>vigil config show</c>: what a configuration says once all its files are one, and where each value is
/// from.</summary>
static class ConfigShowCommand
{
    public static Command Create()
    {
        var path = ConfigCommand.PathArgument();
        var command = new Command(
            "show",
            "Show each value of a configuration, with the file, the line and the column that it is from\n\n"
            + "Example:\n"
            + "  vigil config show /etc/vigil/config.d")
        {
            path
        };
        command.SetGuardedAction(async (parsed, _) =>
        {
            EnvironmentFile.TakeOver(parsed.GetRequiredValue(path));
            var result = ConfigurationReader.Read(parsed.GetRequiredValue(path));
            foreach (var setting in result.Settings)
            {
                await Console.Out.WriteLineAsync(
                    Terminal.Harmless($"{setting.Path} = {setting.Value}  # {setting.Place}"));
            }

            await FaultText.PrintAsync(result.Faults);

            return result.Configuration is null ? ExitCode.BadUsage : ExitCode.Done;
        });
        return command;
    }
}
