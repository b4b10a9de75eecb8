using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>The <c>vigil</c> section: what the CloudWatch agent has no word for. It stands at the top level because
/// that agent ignores unknown keys there, so that one file serves both.</summary>
public sealed record VigilSection
{
    /// <summary>How long an incomplete batch waits; null leaves it to <see cref="LogsSection.ForceFlushInterval"/>,
    /// which knows whole seconds only.</summary>
    public TimeSpan? Linger { get; init; }

    public int MemoryBudgetMegabytes { get; init; } = 24;

    /// <summary>Whether batches are compressed; null where the endpoint is not on this machine.</summary>
    public bool? Compresses { get; init; }

    /// <summary>On disk, for log events that the service refuses for good.</summary>
    public int DeadLettersMegabytes { get; init; } = 64;

    /// <summary>On disk, for deleted files that are not delivered yet; 0 keeps none.</summary>
    public int SpoolMegabytes { get; init; }

    /// <summary>What the records of the service call a session of a role that is assumed.</summary>
    public string RoleSessionName { get; init; } = "vigil";

    /// <summary>What the trust policy of a role may ask for.</summary>
    public string? RoleExternalId { get; init; }

    /// <summary>Symbolic links are followed wherever they lead, also in folders that others may write to.</summary>
    public bool FollowsAnyLink { get; init; }

    /// <summary>Of this machine, for /metrics and /healthz; null for none.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>Files held open at a time; null leaves it to what the system allows.</summary>
    public int? MostOpenFiles { get; init; }

    /// <summary>The journal's folder; null for this machine's own.</summary>
    public string? JournaldDirectory { get; init; }

    internal static VigilSection From(ObjectValue? section)
    {
        var defaults = new VigilSection();
        return section is null ? defaults : new()
        {
            Linger = section.Whole("linger_ms") is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            MemoryBudgetMegabytes = (int?)section.Whole("memory_budget_mb") ?? defaults.MemoryBudgetMegabytes,
            Compresses = section.Text("compression") is { } compression ? compression == "gzip" : null,
            DeadLettersMegabytes = (int?)section.Whole("dead_letters_mb") ?? defaults.DeadLettersMegabytes,
            SpoolMegabytes = (int?)section.Section("spool")?.Whole("max_mb") ?? defaults.SpoolMegabytes,
            RoleSessionName = section.Text("role_session_name") ?? defaults.RoleSessionName,
            RoleExternalId = section.Text("role_external_id"),
            FollowsAnyLink = section.Text("follow_links") == "any",
            MetricsPort = (int?)section.Whole("metrics_port"),
            MostOpenFiles = (int?)section.Whole("max_open_files"),
            JournaldDirectory = section.Text("journald_directory")
        };
    }
}
