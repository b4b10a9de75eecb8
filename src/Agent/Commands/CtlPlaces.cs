namespace Agent.Commands;

/// <summary>Where ctl keeps what it manages.</summary>
/// <param name="Unit">The service's name for systemd.</param>
/// <param name="ConfigFolder">The files that are the configuration together.</param>
/// <param name="BackupFolder">What was the configuration before.</param>
/// <param name="StateFolder">By it the running agent is found.</param>
/// <param name="UnitFolder">Where systemd looks for units that an administrator wrote.</param>
/// <param name="IsThisSystem">Whether they are those of the system that runs, and not under a folder.</param>
sealed record CtlPlaces(
    string Unit, string ConfigFolder, string BackupFolder, string StateFolder, string UnitFolder, bool IsThisSystem)
{
    /// <summary>The one file that old versions of the CloudWatch agent kept; null where there is none.</summary>
    public string? LegacyConfig { get; init; }

    const string Upstream = "/opt/aws/amazon-cloudwatch-agent";

    /// <param name="isUpstream">Called by the CloudWatch agent's name.</param>
    /// <param name="root">A folder that all lie under; / for none.</param>
    public static CtlPlaces Of(bool isUpstream, string root)
    {
        string Under(string path) => Path.GetFullPath(Path.Join(root, path));
        var (unit, config, backups) = isUpstream
            ? ("amazon-cloudwatch-agent", $"{Upstream}/etc/amazon-cloudwatch-agent.d", $"{Upstream}/etc/backup-configs")
            : ("vigil", "/etc/vigil/config.d", "/etc/vigil/backups");
        return new(
            unit, Under(config), Under(backups), Under("/var/lib/vigil"), Under("/etc/systemd/system"),
            IsThisSystem: Path.GetFullPath(root) == "/")
        {
            LegacyConfig = isUpstream ? Under($"{Upstream}/etc/amazon-cloudwatch-agent.json") : null
        };
    }
}
