using Agent.Status;

namespace Agent.Commands;

/// <summary>Puts in force what the wizard has made, and sees that it works.</summary>
sealed class WizardApply(CtlPlaces places)
{
    // A file may be quiet; what was in it already is on its way at once.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <param name="path">Of the configuration.</param>
    public async Task<int> RunAsync(string path, CancellationToken cancel)
    {
        var exitCode = await new CtlFetch(places).RunAsync(
            $"file:{path}", isAdded: false, isRestarted: true, () => { }, cancel);
        return exitCode == ExitCode.Done ? await VerifyAsync(cancel) : exitCode;
    }

    async Task<int> VerifyAsync(CancellationToken cancel)
    {
        await Console.Out.WriteLineAsync("Waiting for the first log event to arrive...");
        var (time, began) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        StatusReport? report = null;
        while (time.GetElapsedTime(began) < Patience)
        {
            report = await RunningAgent.AskAsync(places.StateFolder, cancel) ?? report;
            if (report?.Sources.FirstOrDefault(HasDelivered) is { } source)
            {
                await Console.Out.WriteLineAsync(
                    Terminal.Harmless($"It works: log events of {source.Path} are in {source.LogGroup}, log stream "
                        + $"{source.LogStream}."));
                return ExitCode.Done;
            }

            if (report is { Problems.Count: > 0, Configuration.IsBeingApplied: false } hindered)
            {
                await SayProblemsAsync(hindered);
                return ExitCode.Degraded;
            }

            await Task.Delay(LookInterval, time, cancel);
        }

        await Console.Out.WriteLineAsync(report is null
            ? "The agent does not answer: its journal may say why."
            : "The agent runs and nothing is in its way, but no line was written yet: vigil status tells once one is.");
        return report is null ? ExitCode.Failed : ExitCode.Done;
    }

    static bool HasDelivered(SourceStatus source) => source.Files.Any(file => file.Delivery is { Events: > 0 });

    static async Task SayProblemsAsync(StatusReport report)
    {
        foreach (var problem in report.Problems)
        {
            await Console.Error.WriteLineAsync(Terminal.Harmless($"problem: {problem.Where}: {problem.What}"));
        }
    }
}
