using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil doctor</c>: looks at each thing that delivery needs, in the order in which it needs them, and says
/// of what is wrong the cause and the remedy.</summary>
static class DoctorCommand
{
    public static Command Create()
    {
        var loading = new PlanLoading();
        var state = StateOption.Create("The agent's state folder; the agent may run meanwhile");
        var command = new Command(
            "doctor",
            "Look for what keeps log events from being delivered and the host from being watched, and say what to do "
            + "about it\n\n"
            + "It looks at the configuration, the files, the state folder, DNS, TCP, TLS, the clock, credentials and "
            + "whose they are, and asks the service whether it would take events: with one that is too old, so "
            + "that nothing is stored. Of what is watched it looks at the files, at who is told, and at the counters "
            + "of a NAT gateway; metrics are judged as events are, by one that is too old to be stored. Run it as the "
            + "user that the agent runs as.\n\n"
            + "Examples:\n"
            + "  vigil doctor --config /etc/vigil/config.json\n"
            + "  sudo -u vigil vigil doctor --config /etc/vigil/config.json")
        {
            state
        };
        loading.AddTo(command);
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var stateFolder = parsed.GetRequiredValue(state);
            if (await loading.LoadAsync(parsed, stateFolder) is not { } loaded)
            {
                return ExitCode.BadUsage;
            }

            var faults = 0;
            await foreach (var diagnosis in AllAsync(loaded, stateFolder, cancel))
            {
                await SayAsync(diagnosis);
                faults += diagnosis.IsGood ? 0 : 1;
            }

            await Console.Out.WriteLineAsync(faults == 0 ? "all is well" : $"{faults} in the way");
            return faults == 0 ? ExitCode.Done : ExitCode.Degraded;
        });
        return command;
    }

    static async IAsyncEnumerable<Diagnosis> AllAsync(
        LoadedPlan loaded, string stateFolder,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new("configuration", Entries(loaded.Plan.Entries.Count));
        foreach (var diagnosis in DoctorFiles.Look(loaded.Plan, stateFolder))
        {
            yield return diagnosis;
        }

        // What cannot be reached cannot be asked either, and what ships nothing needs it not.
        var isReached = loaded.Plan.Entries.Count > 0;
        await foreach (var diagnosis in isReached
            ? DoctorNetwork.LookAsync(loaded.Plan.Endpoint, cancel)
            : AsyncEnumerable.Empty<Diagnosis>())
        {
            isReached &= diagnosis.IsGood;
            yield return diagnosis;
        }

        if (isReached)
        {
            using var service = new DoctorService(loaded.Plan);
            await foreach (var diagnosis in service.LookAsync(cancel))
            {
                yield return diagnosis;
            }
        }

        await foreach (var diagnosis in DoctorWatch.LookAsync(loaded.Plan, cancel))
        {
            yield return diagnosis;
        }
    }

    static string Entries(int count) => count == 1 ? "1 entry" : $"{count} entries";

    static async Task SayAsync(Diagnosis diagnosis)
    {
        var mark = diagnosis.IsGood ? "ok      " : "problem ";
        await Console.Out.WriteLineAsync($"{mark} {diagnosis.Subject}: {Terminal.Harmless(diagnosis.Text)}");
        if (diagnosis.Remedy is { } remedy)
        {
            await Console.Out.WriteLineAsync($"         -> {Terminal.Harmless(remedy)}");
        }
    }
}
