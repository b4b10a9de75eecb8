using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>A configuration without errors, defaults filled in. Names keep their {placeholders}: what stands for them
/// is known only on the host, and some of it late.</summary>
public sealed record Configuration(AgentSection Agent, LogsSection Logs, VigilSection Vigil)
{
    internal static Configuration From(ObjectValue document) => new(
        AgentSection.From(document.Section("agent")),
        LogsSection.From(document.Section("logs"), document.Section("vigil")),
        VigilSection.From(document.Section("vigil")));
}
