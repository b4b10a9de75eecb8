namespace Throughput;

/// <summary>How the agent is to ship.</summary>
/// <param name="Workload">What; null for all bytes in one file.</param>
/// <param name="Events">How many events are to arrive; null for one for each line.</param>
sealed record AgentCase(Workload? Workload = null, long? Events = null)
{
    /// <summary>Nothing that costs anything but what each host needs.</summary>
    public const string Plain = "\"compression\": \"none\", \"linger_ms\": 100";

    public string VigilKeys { get; init; } = Plain;

    public string EntryKeys { get; init; } = "";

    /// <summary>How many more events are held back for a while, and may have arrived all the same.</summary>
    public int HeldBack { get; init; }

    public TimeSpan Latency { get; init; }

    public bool IsSecure { get; init; }
}
