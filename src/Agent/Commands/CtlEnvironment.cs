namespace Agent.Commands;

/// <summary>set-log-level, set-env, and the mode that is remembered: what stands beside the configuration.</summary>
sealed class CtlEnvironment(CtlPlaces places, CtlService service)
{
    readonly string _file = EnvironmentFile.Of(places.ConfigFolder);

    public async Task<int> SetLevelAsync(string? level, CancellationToken cancel)
    {
        var known = EnvironmentFile.Levels.FirstOrDefault(one =>
            one.Equals(level, StringComparison.OrdinalIgnoreCase));
        Set(EnvironmentFile.Level, known
            ?? throw new UsageException($"-l is needed, one of {string.Join(", ", EnvironmentFile.Levels)}"));
        return await service.TakeOverAsync(_file, cancel);
    }

    public async Task<int> SetVariableAsync(string? assignment, CancellationToken cancel)
    {
        var end = assignment?.IndexOf('=', StringComparison.Ordinal) ?? -1;
        if (end <= 0 || !EnvironmentFile.IsName(assignment![..end]))
        {
            throw new UsageException("-e KEY=VALUE is needed");
        }

        Set(assignment[..end], assignment[(end + 1)..]);
        return await service.TakeOverAsync(_file, cancel);
    }

    void Set(string name, string value)
    {
        using var alone = new CtlConfig(places).Lock();
        EnvironmentFile.Set(_file, name, value);
    }

    /// <summary>To be called by who keeps others out.</summary>
    /// <param name="mode">Null where none is said: what was said before stays.</param>
    public void RememberMode(string? mode)
    {
        if (mode is not null && HostMode.Of(EnvironmentFile.Read(_file)) != mode)
        {
            EnvironmentFile.Set(_file, HostMode.Variable, mode);
        }
    }
}
