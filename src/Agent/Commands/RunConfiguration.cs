using Agent.Aws;
using Agent.Config.Model;
using Agent.Pipeline;

namespace Agent.Commands;

/// <summary>The configuration that the agent runs by, each time it is read, with the log that follows it. The
/// environment that stands beside it is the process's own, taken over once at the start: what was made of it, such as
/// the way through a proxy, is made for good.</summary>
/// <param name="path">Of the file, or the folder of files.</param>
sealed class RunConfiguration(string path, string stateFolder, ServiceLog log)
{
    readonly Lock _lock = new();
    string? _environment; // as taken over
    Action? _read;
    bool _isAsked;

    public string Path => path;

    /// <summary>What is done when it is to be read again.</summary>
    public void SetReader(Action read)
    {
        lock (_lock)
        {
            _read = read;
            if (_isAsked)
            {
                read(); // somebody asked while it was read for the first time
            }
        }
    }

    /// <summary>It is to be read again. Any thread may ask, at any time.</summary>
    public void Ask()
    {
        lock (_lock)
        {
            _isAsked = true;
            _read?.Invoke();
        }
    }

    public async Task<PlanReading> ReadAsync(CancellationToken cancel)
    {
        try
        {
            var variables = _environment is null
                ? EnvironmentFile.TakeOver(path)
                : EnvironmentFile.Read(EnvironmentFile.Of(path));
            _environment ??= EnvironmentFile.TextOf(variables);
            HttpConnections.ReadAuthorities();
            var (loaded, faults) = await PlanLoading.ReadAsync(
                path, stateFolder, HostMode.DefaultStream(variables), cancel);
            if (loaded is null)
            {
                return new(null, faults);
            }

            var level = EnvironmentFile.LevelIn(variables);
            return new(loaded.Plan, [.. faults, .. Follow(loaded.Configuration.Agent, level)])
            {
                NeedsRestart = EnvironmentFile.TextOf(variables) != _environment
            };
        }
        catch (Exception e) when (e is UsageException or IOException)
        {
            return new(null, [$"error: {e.Message}"]);
        }
    }

    IEnumerable<string> Follow(AgentSection agent, Serilog.Events.LogEventLevel? level)
    {
        if (log.Follow(agent, level) is { } fault)
        {
            yield return $"warning: agent.logfile: {fault}";
        }

        if (agent.RunAsUser is { } user && user != Environment.UserName)
        {
            yield return $"warning: agent.run_as_user: this runs as {Environment.UserName}; as {user} runs the service "
                + "that vigil ctl starts";
        }
    }
}
