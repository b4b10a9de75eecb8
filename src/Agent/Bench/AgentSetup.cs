namespace Agent.Bench;

/// <summary>What the agent is to ship, and how.</summary>
/// <param name="Paths">The logs, each to a stream of its own.</param>
/// <param name="EntryKeys">Further keys of each entry, as JSON that follows others: <c>, "timezone": "UTC"</c>.</param>
/// <param name="VigilKeys">The keys of the section <c>vigil</c>, as JSON.</param>
/// <param name="AuthorityPath">Whom to trust; null for the system's authorities.</param>
/// <param name="FlushSeconds">force_flush_interval; the CloudWatch agent's own default if nobody says.</param>
sealed record AgentSetup(
    Uri Endpoint, IReadOnlyList<string> Paths, string VigilKeys, string EntryKeys = "", string? AuthorityPath = null,
    int FlushSeconds = 5);
