using System.CommandLine;
using Agent.Config;

namespace Agent.Commands;

/// <summary><c>vigil config schema</c>: what an editor needs to help with a configuration.</summary>
static class ConfigSchemaCommand
{
    public static Command Create()
    {
        var command = new Command(
            "schema",
            "Print a JSON Schema of the configuration, by which an editor offers keys and marks what is wrong\n\n"
            + "Example:\n"
            + "  vigil config schema > vigil-schema.json");
        command.SetGuardedAction(async (_, _) =>
        {
            await Console.Out.WriteLineAsync(ConfigurationKeys.Schema());
            return ExitCode.Done;
        });
        return command;
    }
}
