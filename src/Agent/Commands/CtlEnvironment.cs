namespace Agent.Commands;

/// <summary>set-log-level, set-env, and the mode that is remembered: what stands beside the configuration.</summary>
sealed class CtlEnvironment(CtlPlaces places, CtlService service)
{
    readonly string _file = EnvironmentFile.Of(places.ConfigFolder);

    public async Task<int> SetLevelAsync(string? level, CancellationToken cancel)
    {
        var known = EnvironmentFile.Levels.FirstOrDefault(one =>
            one.Equals(level, StringComparison.OrdinalIgnoreCase));
        EnvironmentFile.Set(_file, EnvironmentFile.Level, known
            ?? throw new UsageException($"-l is needed, one of {string.Join(", ", EnvironmentFile.Levels)}"));
        return await service.TakeOverAsync(cancel);
    }

    public async Task<int> SetVariableAsync(string? assignment, CancellationToken cancel)
    {
        var end = assignment?.IndexOf('=', StringComparison.Ordinal) ?? -1;
        if (end <= 0 || !assignment![..end].All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            throw new UsageException("-e KEY=VALUE is needed");
        }

        EnvironmentFile.Set(_file, assignment[..end], assignment[(end + 1)..]);
        return await service.TakeOverAsync(cancel);
    }

    /// <param name="mode">Null where none is said: what was said before stays.</param>
    public void RememberMode(string? mode)
    {
        if (mode is not null && HostMode.Of(EnvironmentFile.Read(_file)) != mode)
        {
            EnvironmentFile.Set(_file, HostMode.Variable, mode);
        }
    }
}
