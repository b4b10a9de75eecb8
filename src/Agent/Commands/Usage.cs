using System.CommandLine;

namespace Agent.Commands;

/// <summary>What to say of a command line that cannot be carried out: the fault, and where to read on.</summary>
static class Usage
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }

        await Console.Error.WriteLineAsync($"See '{FullName(parsed.CommandResult.Command)} --help'.");
        return ExitCode.BadUsage;
    }

    /// <summary>A command with those above it, as it is typed.</summary>
    public static string FullName(Command command) =>
        command is RootCommand
            ? "vigil"
            : $"{command.Parents.OfType<Command>().Select(FullName).FirstOrDefault()} {command.Name}";
}
