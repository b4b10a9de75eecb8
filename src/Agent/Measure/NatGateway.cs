using Agent.Events;

namespace Agent.Measure;

/// <summary>One of the numbers of bytes that go through a gateway.</summary>
/// <param name="Metric">Its name, as the service's own NAT gateways have it.</param>
/// <param name="Name">The interface; the family, table and name of a counter of nftables; or the comment of rules of
/// iptables.</param>
sealed record NatCounter(string Metric, string Name)
{
    /// <summary>Of an interface: whether what leaves by it is meant.</summary>
    public bool IsSent => Metric.StartsWith("BytesOut", StringComparison.Ordinal);
}

/// <summary>Measures what goes through this host as a NAT gateway, in the metrics that the service has of its own.
/// Source: Amazon VPC user guide, "NAT gateway metrics and dimensions".</summary>
/// <param name="kind">interface, nft or iptables.</param>
sealed class NatGateway(string kind, IReadOnlyList<NatCounter> counters, Growth growth, TimeProvider time)
{
    public const string OpenConnections = "ActiveConnectionCount";
    public const string RefusedConnections = "ErrorPortAllocation";

    /// <summary>What cannot be measured at present, and why; empty while all can.</summary>
    public IReadOnlyList<string> Troubles { get; private set; } = [];

    /// <summary>What was measured since the last time.</summary>
    public async Task<IReadOnlyList<Measurement>> MeasureAsync(CancellationToken cancel)
    {
        var (measured, troubles) = (new List<Measurement>(), new List<string>());
        var now = time.GetUtcNow();
        var seconds = now.ToUnixTimeSeconds();
        foreach (var measure in (Func<Task<IEnumerable<Measurement>>>[])
            [() => BytesAsync(seconds, cancel), () => OpenAsync(now, cancel), () => RefusedAsync(seconds)])
        {
            try
            {
                measured.AddRange(await measure());
            }
            catch (MeasureException e)
            {
                troubles.Add(e.Message);
            }
        }

        Troubles = troubles;
        return measured;
    }

    async Task<IEnumerable<Measurement>> BytesAsync(long now, CancellationToken cancel)
    {
        var known = kind switch
        {
            "nft" => await NftCounters.ReadAsync(time, cancel),
            "iptables" => await IptablesCounters.ReadAsync(time, cancel),
            _ => null
        };
        var read = counters.Select(one => (one.Metric, Counter: known is null
            ? InterfaceCounters.Read(one.Name, one.IsSent)
            : known.TryGetValue(one.Name, out var counter)
                ? counter
                : throw new MeasureException($"{kind} has no counter \"{one.Name}\": {Names(known)}"))).ToList();
        return read.SelectMany(one => growth.Take(
            one.Metric, "Bytes", one.Counter.Value, one.Counter.Life, one.Counter.Bits, now));
    }

    async Task<IEnumerable<Measurement>> OpenAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var open = await Connections.CountAsync(time, cancel);
        return [new(OpenConnections, "Count", Measurement.MinuteEndedAt(now), open)];
    }

    Task<IEnumerable<Measurement>> RefusedAsync(long now)
    {
        var refused = Connections.Refused();
        return Task.FromResult(
            growth.Take(RefusedConnections, "Count", refused.Value, refused.Life, refused.Bits, now));
    }

    static string Names(IReadOnlyDictionary<string, Counter> known) =>
        known.Count == 0 ? "it has none" : $"it has {string.Join(", ", known.Keys.Select(name => $"\"{name}\""))}";
}
