using Agent.Aws;
using Agent.Checkpoint;

namespace Agent.Pipeline;

/// <summary>What the agent is to do, in plain values: configuration, command line and defaults put together.</summary>
/// <param name="Region">As configured or found; null where nobody said.</param>
/// <param name="Linger">How long a batch may wait for more lines.</param>
/// <param name="MemoryBudgetBytes">For batches that are built or on their way.</param>
sealed record Plan(
    IReadOnlyList<EntryPlan> Entries,
    string StateFolder,
    ServiceEndpoint Endpoint,
    string? Region,
    TimeSpan Linger,
    long MemoryBudgetBytes)
{
    /// <summary>How long a stop waits for the service to take what was read already.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    /// <summary>Longer than a request takes that gets no answer: what is on its way by then never ends.</summary>
    public static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(70);

    /// <summary>Which of a region's addresses is meant.</summary>
    public EndpointVariant Variant { get; init; } = new();

    /// <summary>Whether batches are compressed; null where the endpoint is not on this machine.</summary>
    public bool? Compresses { get; init; }

    /// <summary>For log events that the service refuses for good, on disk.</summary>
    public long DeadLetterBytes { get; init; } = LetterTable.DefaultCapBytes;

    /// <summary>For deleted files that are not delivered yet, on disk; 0 keeps them by their handles only.</summary>
    public long SpoolBytes { get; init; }

    /// <summary>Of this machine, for /metrics and /healthz; null for none.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>How many log files may be open at a time; null leaves it to the system's limit.</summary>
    public int? MostOpenFiles { get; init; }

    /// <summary>Whether links are followed wherever they lead.</summary>
    public bool FollowsAnyLink { get; init; }

    /// <summary>What is watched for on this host; null for nothing.</summary>
    public WatchPlan? Watch { get; init; }

    /// <summary>The plan that follows this one: entries that did not change are the same objects as here.</summary>
    public Plan Then(Plan next)
    {
        var left = Entries.ToLookup(entry => entry.Files.Text, StringComparer.Ordinal);
        var taken = new HashSet<EntryPlan>(ReferenceEqualityComparer.Instance);
        return next with { Entries = [.. next.Entries.Select(Known)] };

        EntryPlan Known(EntryPlan entry)
        {
            var known = left[entry.Files.Text].FirstOrDefault(one => entry.IsConfiguredAs(one) && !taken.Contains(one));
            return known is not null && taken.Add(known) ? known : entry;
        }
    }

    /// <summary>Whether another plan differs by its entries only, and by what is watched for, which is no business of
    /// the shipping.</summary>
    public bool IsSameButForEntries(Plan other) =>
        this with { Entries = other.Entries, Watch = other.Watch } == other;
}
