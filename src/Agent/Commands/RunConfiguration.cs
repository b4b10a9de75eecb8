using Agent.Pipeline;

namespace Agent.Commands;

/// <summary>The configuration that the agent runs by, each time it is read: with the environment that stands beside it,
/// and the log that follows it.</summary>
/// <param name="path">Of the file, or the folder of files.</param>
sealed class RunConfiguration(string path, string stateFolder, ServiceLog log)
{
    public string Path => path;

    /// <summary>Called when it is to be read again; null before anything runs by it.</summary>
    public Action? Asked { get; set; }

    public async Task<PlanReading> ReadAsync(CancellationToken cancel)
    {
        try
        {
            var variables = EnvironmentFile.TakeOver(path);
            var (loaded, faults) = await PlanLoading.ReadAsync(
                path, stateFolder, HostMode.DefaultStream(variables), cancel);
            if (loaded is null)
            {
                return new(null, faults);
            }

            var agent = loaded.Configuration.Agent;
            var said = faults.ToList();
            if (log.Follow(agent, EnvironmentFile.LevelIn(variables)) is { } fault)
            {
                said.Add($"warning: agent.logfile: {fault}");
            }

            if (agent.RunAsUser is { } user && user != Environment.UserName)
            {
                said.Add($"warning: agent.run_as_user: this runs as {Environment.UserName}; as {user} runs the service "
                    + "that vigil ctl starts");
            }

            return new(loaded.Plan with { Environment = EnvironmentFile.TextOf(variables) }, said);
        }
        catch (UsageException e)
        {
            return new(null, [$"error: {e.Message}"]);
        }
    }
}
