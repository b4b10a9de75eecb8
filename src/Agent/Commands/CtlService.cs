using System.Globalization;
using Agent.Checkpoint;
using Agent.Pipeline;
using Agent.Status;

namespace Agent.Commands;

/// <summary>start, stop, status and their like.</summary>
sealed class CtlService(CtlPlaces places)
{
    const string StartTime = "yyyy-MM-dd'T'HH:mm:ss'+00:00'"; // it is UTC

    readonly Systemd _systemd = new(places);
    readonly CtlConfig _config = new(places);
    readonly UnitUser _user = new(places);

    string RestartMarker => Path.Join(Path.GetDirectoryName(places.ConfigFolder), "restart");

    public static Task SayHeaderAsync() =>
        Console.Out.WriteLineAsync("****** processing amazon-cloudwatch-agent ******");

    public async Task<int> StartAsync(CancellationToken cancel)
    {
        await SayHeaderAsync();
        if (await IsRunningAsync(cancel))
        {
            await Console.Out.WriteLineAsync("amazon-cloudwatch-agent has already been started");
            return ExitCode.Done;
        }

        return await StartAnewAsync(cancel);
    }

    public async Task<int> StopAsync(CancellationToken cancel)
    {
        await SayHeaderAsync();
        return await StopIfRunningAsync(cancel);
    }

    public async Task<int> RestartAsync(CancellationToken cancel)
    {
        await RequireConfigAsync(); // before the one that runs is stopped
        var exitCode = await StopIfRunningAsync(cancel);

        // Whoever interrupts now must not be left without the agent.
        return exitCode == ExitCode.Done ? await StartAnewAsync(CancellationToken.None) : exitCode;
    }

    /// <summary>Puts in force what the configuration is now. The agent that runs takes it over as it goes; one that
    /// does not, or is of another version, is started.</summary>
    public async Task<int> ApplyAsync(CancellationToken cancel)
    {
        var report = await TryAskAsync(cancel);
        var isOwn = report?.Version == StatusReporter.Version
            && report.Configuration is { } running && Path.GetFullPath(running.Path) == places.ConfigFolder
            && !_user.IsOther(_config.Read());
        return isOwn ? await ReloadAsync(cancel) : await RestartAsync(cancel);
    }

    /// <summary>Lets the agent, if it runs, take over what was changed beside its configuration.</summary>
    /// <param name="file">That was changed.</param>
    public async Task<int> TakeOverAsync(string file, CancellationToken cancel) =>
        await TryAskAsync(cancel) is { Configuration: { } running } && EnvironmentFile.Of(running.Path) == file
            ? await ReloadAsync(cancel)
            : ExitCode.Done; // it is read at the next start

    async Task<int> ReloadAsync(CancellationToken cancel)
    {
        var asked = await RunningAgent.ReloadAsync(places.StateFolder, cancel);
        if (asked is not { } answer || (answer.NeedsRestart && _systemd.IsThere))
        {
            return await RestartAsync(cancel);
        }

        if (answer.NeedsRestart)
        {
            await Console.Error.WriteLineAsync(
                "warning: what was changed in env-config.json takes effect when the agent is started the next time");
        }

        foreach (var fault in answer.Faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        await (answer.IsAccepted
            ? Console.Out.WriteLineAsync("amazon-cloudwatch-agent has taken over the configuration as it runs")
            : Console.Error.WriteLineAsync("vigil ctl: the agent that runs goes on with the configuration before"));
        return answer.IsAccepted ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Before the package is replaced: it is to run again afterwards if it runs now.</summary>
    public async Task<int> PrepareRestartAsync(CancellationToken cancel)
    {
        if (await IsRunningAsync(cancel))
        {
            File.Delete(RestartMarker);
            await using var marker = new FileStream(RestartMarker, FileMode.CreateNew); // not by a link of others
        }

        return ExitCode.Done;
    }

    public async Task<int> RestartIfPreparedAsync(CancellationToken cancel)
    {
        if (!File.Exists(RestartMarker))
        {
            return ExitCode.Done;
        }

        File.Delete(RestartMarker);
        return await RestartAsync(cancel);
    }

    public async Task<int> ForgetAsync(CancellationToken cancel)
    {
        if (_systemd.IsThere)
        {
            await _systemd.ForgetAsync(cancel);
        }

        return ExitCode.Done;
    }

    /// <summary>In the CloudWatch agent's form: these keys, in this order, two blanks deep.</summary>
    /// <param name="hasWorkloads">With the programs on the host that it knows of: none, since Vigil looks for
    /// none.</param>
    public async Task<int> PrintStatusAsync(bool hasWorkloads, CancellationToken cancel)
    {
        var report = await TryAskAsync(cancel);
        var isRunning = report is not null || await IsRunningAsync(cancel);
        var began = report?.Process?.StartedAt.ToString(StartTime, CultureInfo.InvariantCulture);
        var version = StatusReporter.Version.Split('+')[0]; // without the commit
        await Console.Out.WriteLineAsync(
            $$"""
            {
              "status": "{{(isRunning ? StatusReport.Running : StatusReport.Stopped)}}",
              "starttime": "{{began}}",
              "configstatus": "{{(_config.IsThere ? "configured" : "not configured")}}",
              "version": "{{version}}"{{(hasWorkloads ? ",\n  \"workloads\": []" : "")}}
            }
            """);
        return ExitCode.Done;
    }

    async Task<int> StartAnewAsync(CancellationToken cancel)
    {
        await RequireConfigAsync();
        if (!_systemd.IsThere)
        {
            return await SayForegroundAsync("start it with");
        }

        _user.Set(_config.Read());
        if (await _systemd.StartAsync(cancel))
        {
            return ExitCode.Done;
        }

        await Console.Error.WriteLineAsync(
            $"vigil ctl: the service did not start; journalctl -u {places.Unit} says why");
        return ExitCode.Failed;
    }

    async Task RequireConfigAsync()
    {
        if (!_config.IsThere && await _config.AdoptLegacyAsync() is { } legacy)
        {
            await Console.Out.WriteLineAsync($"{legacy} is taken over");
        }

        if (!_config.IsThere)
        {
            throw new UsageException(
                $"there is no configuration in {places.ConfigFolder}: make one with vigil wizard, and take it over "
                + "with vigil ctl -a fetch-config -c file:PATH");
        }
    }

    /// <summary>Stops it if it runs.</summary>
    public async Task<int> StopIfRunningAsync(CancellationToken cancel)
    {
        if (!await IsRunningAsync(cancel))
        {
            await Console.Out.WriteLineAsync("amazon-cloudwatch-agent has already been stopped");
            if (_systemd.IsThere)
            {
                await _systemd.StopQuietlyAsync(cancel); // it may be on its way up
            }

            return ExitCode.Done;
        }

        return !_systemd.IsThere ? await SayForegroundAsync("stop the one that runs; to start it again, run")
            : await _systemd.StopAsync(cancel) ? ExitCode.Done
            : ExitCode.Failed;
    }

    async Task<bool> IsRunningAsync(CancellationToken cancel) => _systemd.IsThere
        ? await _systemd.IsActiveAsync(cancel)
        : StateFolder.IsTaken(places.StateFolder);

    // Not everybody may ask it, and it may be too busy to answer.
    async Task<StatusReport?> TryAskAsync(CancellationToken cancel)
    {
        try
        {
            return await RunningAgent.AskAsync(places.StateFolder, cancel);
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    async Task<int> SayForegroundAsync(string what)
    {
        await Console.Error.WriteLineAsync(
            $"vigil ctl: no systemd runs this machine, so by hand: {what}\n"
            + $"  vigil run --config {places.ConfigFolder} --state {places.StateFolder}");
        return ExitCode.Failed;
    }
}
