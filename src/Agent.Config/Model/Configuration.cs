using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>A configuration without errors, defaults filled in. Names keep their {placeholders}: what stands for them
/// is known only on the host, and some of it late.</summary>
public sealed record Configuration(AgentSection Agent, LogsSection Logs, VigilSection Vigil, WatchSection Watch)
{
    internal static Configuration From(ObjectValue document, string defaultStream)
    {
        var (agent, logs) = (document.Section("agent"), document.Section("logs"));
        var section = LogsSection.From(logs, document.Section("vigil"), defaultStream);
        return new(
            AgentSection.From(agent),
            section with
            {
                Files = [.. section.Files.Select(WithDefaults)],
                Journal =
                [
                    .. section.Journal.Select(one =>
                        one with { RoleArn = one.RoleArn ?? RoleIn(logs) ?? RoleIn(agent) })
                ]
            },
            VigilSection.From(document.Section("vigil")),
            WatchSection.From(document.Section("vigil")));

        CollectedFile WithDefaults(CollectedFile file) => file with
        {
            RoleArn = file.RoleArn ?? RoleIn(logs) ?? RoleIn(agent),
            ServiceName = file.ServiceName ?? logs?.Text("service.name") ?? agent?.Text("service.name"),
            DeploymentEnvironment = file.DeploymentEnvironment
                ?? logs?.Text("deployment.environment") ?? agent?.Text("deployment.environment")
        };
    }

    // The nearer one goes before the one that is meant for all sections. Source: CloudWatch agent.
    static string? RoleIn(ObjectValue? section) => section?.Section("credentials")?.Text("role_arn");
}
