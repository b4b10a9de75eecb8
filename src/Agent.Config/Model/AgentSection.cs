using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>The <c>agent</c> section: what concerns the process as a whole.</summary>
public sealed record AgentSection
{
    /// <summary>Null where the host's own region is meant.</summary>
    public string? Region { get; init; }

    /// <summary>The user that the service runs as; null for root.</summary>
    public string? RunAsUser { get; init; }

    /// <summary>The agent's own log tells of each batch.</summary>
    public bool Debug { get; init; }

    /// <summary>The agent's own log tells errors only.</summary>
    public bool Quiet { get; init; }

    /// <summary>The service's address is the one that IPv6 reaches too.</summary>
    public bool UsesDualStack { get; init; }

    /// <summary>The file of the agent's own log; empty or null for none but standard error.</summary>
    public string? Logfile { get; init; }

    internal static AgentSection From(ObjectValue? section) => section is null ? new() : new()
    {
        Region = section.Text("region"),
        RunAsUser = section.Text("run_as_user") is { Length: > 0 } user ? user : null,
        Debug = section.Flag("debug"),
        Quiet = section.Flag("quiet"),
        UsesDualStack = section.Flag("use_dualstack_endpoint"),
        Logfile = section.Text("logfile")
    };
}
