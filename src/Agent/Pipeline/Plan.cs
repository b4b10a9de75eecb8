using Agent.Aws;
using Agent.Config.Model;

namespace Agent.Pipeline;

/// <summary>One file and where its lines go, as configured.</summary>
/// <param name="LogGroup">With its placeholders, as is <paramref name="LogStream"/>.</param>
/// <param name="Class">STANDARD or INFREQUENT_ACCESS; null leaves it to the service.</param>
/// <param name="RetentionDays">Null leaves the group's retention alone.</param>
sealed record SourcePlan(string Path, string LogGroup, string LogStream, string? Class, int? RetentionDays);

/// <summary>What the agent is to do, in plain values: configuration, command line and defaults put together.</summary>
/// <param name="Region">As configured or found; null where nobody said.</param>
/// <param name="Linger">How long a batch may wait for more lines.</param>
/// <param name="MemoryBudgetBytes">For batches that are built or on their way.</param>
sealed record Plan(
    IReadOnlyList<SourcePlan> Sources,
    string StateFolder,
    ServiceEndpoint Endpoint,
    string? Region,
    TimeSpan Linger,
    long MemoryBudgetBytes)
{
    /// <summary>How long a stop waits for the service to take what was read already.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    /// <summary>Whether a name depends on what only the instance can say.</summary>
    public bool NamesNeedFacts => Sources.Any(source =>
        NameTemplate.NeedsFacts(source.LogGroup) || NameTemplate.NeedsFacts(source.LogStream));

    /// <summary>The plan of a configuration.</summary>
    /// <returns>Null where neither a region nor an endpoint is known.</returns>
    public static Plan? Of(Configuration configuration, string stateFolder, string? environmentRegion)
    {
        var logs = configuration.Logs;
        var region = configuration.Agent.Region ?? environmentRegion;
        if (ServiceEndpoint.Of(region, logs.EndpointOverride) is not { } endpoint)
        {
            return null;
        }

        return new(
            logs.Files
                .Select(file => new SourcePlan(
                    System.IO.Path.GetFullPath(file.FilePath), file.LogGroupName, file.LogStreamName,
                    file.LogGroupClass, file.RetentionInDays))
                .Distinct() // one path may be spelled in several ways
                .ToList(),
            stateFolder,
            endpoint,
            region,
            configuration.Vigil.Linger ?? logs.ForceFlushInterval,
            (long)configuration.Vigil.MemoryBudgetMegabytes << 20);
    }
}
