using System.CommandLine;
using System.Text.Json;
using Agent.Status;

namespace Agent.Commands;

/// <summary><c>vigil status</c>: what the agent does now, and what keeps it from doing it.</summary>
static class StatusCommand
{
    static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var state = StateOption.Create("The agent's state folder");
        var json = new Option<bool>("--json") { Description = "Print everything as JSON" };
        var all = new Option<bool>("--all") { Description = "List every file, also when there are many" };
        var watch = new Option<bool>("--watch") { Description = "Show it again every 2 seconds" };
        var command = new Command(
            "status",
            "Show what the agent delivers, what is in its way, and what it leaves out by choice\n\n"
            + "Exit code 0: it runs and all is well; 3: it does not run; 4: it runs and something is in its way.\n\n"
            + "Examples:\n"
            + "  vigil status\n"
            + "  vigil status --json\n"
            + "  vigil status --watch --state /var/lib/vigil")
        {
            state, json, all, watch
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var (folder, isJson) = (parsed.GetRequiredValue(state), parsed.GetValue(json));
            var text = new StatusText(Console.Out, parsed.GetValue(all));
            while (true)
            {
                var report = await RunningAgent.AskAsync(folder, cancel) ?? UnaskedStatus.Of(folder);
                if (parsed.GetValue(watch) && !Console.IsOutputRedirected)
                {
                    Console.Clear();
                }

                Print(report, isJson, text);
                if (!parsed.GetValue(watch))
                {
                    return ExitCodeOf(report);
                }

                await Task.Delay(WatchInterval, TimeProvider.System, cancel);
            }
        });
        return command;
    }

    static void Print(StatusReport report, bool isJson, StatusText text)
    {
        if (isJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, StatusJson.Wire.StatusReport));
        }
        else
        {
            text.Print(report);
        }
    }

    static int ExitCodeOf(StatusReport report) =>
        report.Status == StatusReport.Stopped ? ExitCode.NotRunning
        : report.IsHealthy ? ExitCode.Done
        : ExitCode.Degraded;
}
