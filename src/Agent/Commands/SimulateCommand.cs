using System.CommandLine;
using Agent.Config;
using Agent.Config.Model;
using Agent.Detect;
using Agent.Pipeline;

namespace Agent.Commands;

/// <summary><c>vigil simulate</c>: what the detections of a configuration would have done with a log that was saved.
/// </summary>
static class SimulateCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config")
        {
            Description = "The configuration with vigil.detections or vigil.packs in it",
            HelpName = "PATH",
            Required = true
        };
        var log = new Option<string>("--log")
        {
            Description = "The log to go through, whose lines begin with timestamps of syslog or ISO 8601; - for "
                + "standard input",
            HelpName = "FILE",
            Required = true
        };
        var only = new Option<string[]>("--detection")
        {
            Description = "Only this detection; may be given several times",
            HelpName = "NAME"
        };
        var of = new Option<string?>("--of")
        {
            Description = "The path that the log is of: only detections that watch it, such as /var/log/secure",
            HelpName = "PATH"
        };
        var svg = new Option<string?>("--svg")
        {
            Description = "Draw it, too: datapoints, thresholds, alarms",
            HelpName = "FILE"
        };
        var command = new Command(
            "simulate",
            "Go through a saved log with its own timestamps, and print what the alarms would have done\n\n"
            + "Every detection sees every line, whatever file it is for, unless --of says whose they are. Nobody is "
            + "told anything.\n"
            + "Ends with 0 if an alarm was raised, 1 if none was.\n\n"
            + "Examples:\n"
            + "  vigil simulate --config config.json --log /var/log/secure-20261122\n"
            + "  vigil simulate --config config.json --log secure-20261122 --of /var/log/secure\n"
            + "  vigil simulate --config config.json --log auth.log --detection failed-su --svg failed-su.svg")
        {
            config, log, only, of, svg
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(config);
            EnvironmentFile.TakeOver(named); // what ${NAME} in it stands for
            var result = ConfigurationReader.Read(named);
            await FaultText.PrintAsync(result.Faults);
            if (result.Configuration is not { } configuration)
            {
                return ExitCode.BadUsage;
            }

            var detections = DetectionsOf(configuration, parsed.GetValue(of), parsed.GetValue(only) ?? []);
            return await RunAsync(
                parsed.GetRequiredValue(log), parsed.GetValue(svg), new(detections, Console.Out), cancel);
        });
        return command;
    }

    /// <param name="of">The path of a log; null for all.</param>
    /// <param name="names">None for all.</param>
    static List<Detection> DetectionsOf(Configuration configuration, string? of, string[] names)
    {
        var watched = WatchPlan.Of(configuration, Path.GetTempPath(), metrics: null, new())?.Watched ?? [];
        var detections = watched.Where(one => of is null || one.Files.IsOf(of))
            .SelectMany(one => one.Detections).ToList();
        foreach (var name in names.Where(name => !detections.Exists(one => one.Name == name)))
        {
            throw new UsageException(
                $"--detection {name}: the configuration has none of that name{(of is null ? "" : $" for {of}")}");
        }

        detections.RemoveAll(one => names.Length > 0 && !names.Contains(one.Name));
        return detections.Count > 0 ? detections
            : throw new UsageException(
                $"there is nothing to simulate: no detection or pack of it watches lines of {of ?? "a file"}");
    }

    static async Task<int> RunAsync(string log, string? picture, Simulation simulation, CancellationToken cancel)
    {
        await using var lines = PatternTestCommand.Open(log);
        await foreach (var line in LinesFromTheEnd.ReadAsync(lines, last: 0, cancel))
        {
            simulation.Take(line);
        }

        if (simulation.Lines > 0 && simulation.Timeless == simulation.Lines)
        {
            throw new UsageException(
                $"{log}: no line of it begins with a timestamp of syslog or ISO 8601, so that nobody knows when it "
                + "was; a compressed log is read as: zcat LOG | vigil simulate --log -");
        }

        simulation.End();
        if (picture is not null)
        {
            await File.WriteAllTextAsync(picture, simulation.Picture, cancel);
        }

        await Console.Error.WriteLineAsync(
            $"{simulation.Lines} lines, of them {simulation.Timeless} without a timestamp; alarms raised: "
            + $"{simulation.Alarms}");
        return simulation.Alarms > 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
