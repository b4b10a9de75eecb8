using System.CommandLine;
using System.Text.Json;
using Agent.Aws;
using Agent.Checkpoint;
using LocalCloud;

namespace Agent.Commands;

/// <summary>Runs a command's action with Ctrl-C as its token, and turns what can go wrong into one line and an exit
/// code.</summary>
static class Guarded
{
    public static void SetGuardedAction(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, _) =>
        {
            using var interrupt = new Interrupt();
            try
            {
                return await action(parsed, interrupt.Token);
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                return ExitCode.Done;
            }
            catch (UsageException e)
            {
                return await SayAsync(command, e.Message, ExitCode.BadUsage);
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                return await SayAsync(
                    command, $"{e.Message}: no service answers there. 'vigil local' starts one on this machine",
                    ExitCode.Failed);
            }
            catch (Exception e) when (e is ServiceException or HttpRequestException or TimeoutException or IOException
                or UnauthorizedAccessException or JsonException or StateException or LocalCloudException)
            {
                return await SayAsync(command, e.Message, ExitCode.Failed);
            }
        });

    static async Task<int> SayAsync(Command command, string message, int exitCode)
    {
        await Console.Error.WriteLineAsync($"{Usage.FullName(command)}: {message}");
        return exitCode;
    }
}
