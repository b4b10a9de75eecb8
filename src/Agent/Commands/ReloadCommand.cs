using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil reload</c>: lets the agent that runs read its configuration again, and says what came of it.
/// </summary>
static class ReloadCommand
{
    public static Command Create()
    {
        var state = StateOption.Create("The agent's state folder");
        var command = new Command(
            "reload",
            "Let the agent that runs read its configuration again. One that is no good changes nothing, and ends this "
            + "with 1\n\n"
            + "Example:\n"
            + "  vigil reload")
        {
            state
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var folder = parsed.GetRequiredValue(state);
            if (await RunningAgent.ReloadAsync(folder, cancel) is not { } answer)
            {
                await Console.Error.WriteLineAsync($"vigil reload: no agent answers on {folder}");
                return ExitCode.NotRunning;
            }

            foreach (var fault in answer.Faults)
            {
                await Console.Error.WriteLineAsync(fault);
            }

            await (answer.IsAccepted
                ? Console.Out.WriteLineAsync("The configuration is in force")
                : Console.Error.WriteLineAsync("vigil reload: the configuration before stays in force"));
            return answer.IsAccepted ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
