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
/// <param name="watched">Metrics that are missed where the kernel does not tell them; others may be lacking.</param>
sealed class NatGateway(
    string kind, IReadOnlyList<NatCounter> counters, IReadOnlySet<string> watched, Growth growth, TimeProvider time)
{
    const string Open = "ActiveConnectionCount";
    const string Refused = "ErrorPortAllocation";

    readonly List<string> _troubles = [];

    /// <summary>What cannot be measured at present, and why; empty while all can.</summary>
    public IReadOnlyList<string> Troubles { get; private set; } = [];

    /// <summary>What the counters grew by since the last time.</summary>
    public async Task<IReadOnlyList<Measurement>> GrowthAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        _troubles.Clear();
        var grown = new List<Measurement>();
        try
        {
            var known = await ReadAllAsync(cancel);
            foreach (var counter in counters)
            {
                TakeIfPossible(() => growth.Take(counter.Metric, "Bytes", known(counter), now), grown);
            }
        }
        catch (MeasureException e)
        {
            _troubles.Add(e.Message);
        }

        if (watched.Contains(Refused) || Connections.AreTracked)
        {
            TakeIfPossible(() => growth.Take(Refused, "Count", [Connections.Refused()], now), grown);
        }

        Troubles = [.. _troubles];
        return grown;
    }

    /// <summary>The same, and what is at this moment.</summary>
    public async Task<IReadOnlyList<Measurement>> MeasureAsync(CancellationToken cancel)
    {
        List<Measurement> measured = [.. await GrowthAsync(cancel)];
        try
        {
            var open = await Connections.CountAsync(time, cancel);
            measured.Add(new(Open, "Count", Measurement.MinuteEndedAt(time.GetUtcNow()), open));
        }
        catch (MeasureException e) when (watched.Contains(Open))
        {
            Troubles = [.. Troubles, e.Message];
        }
        catch (MeasureException)
        {
            return measured; // the kernel does not tell, and nobody misses it
        }

        return measured;
    }

    void TakeIfPossible(Func<IEnumerable<Measurement>> take, List<Measurement> taken)
    {
        try
        {
            taken.AddRange(take());
        }
        catch (MeasureException e)
        {
            _troubles.Add(e.Message);
        }
    }

    async Task<Func<NatCounter, IReadOnlyList<Counter>>> ReadAllAsync(CancellationToken cancel)
    {
        switch (kind)
        {
            case "nft":
                var named = await NftCounters.ReadAsync(time, cancel);
                return one => named.TryGetValue(one.Name, out var counter) ? [counter] : throw Lacks(one, named.Keys);
            case "iptables":
                var rules = await IptablesCounters.ReadAsync(time, cancel);
                return one => rules.Contains(one.Name)
                    ? [.. rules[one.Name]]
                    : throw Lacks(one, rules.Select(rule => rule.Key));
            default:
                return one => [InterfaceCounters.Read(one.Name, one.IsSent)];
        }
    }

    MeasureException Lacks(NatCounter counter, IEnumerable<string> known)
    {
        var names = string.Join(", ", known.Order().Select(name => $"\"{name}\""));
        return new($"{kind} has no counter \"{counter.Name}\": it has {(names.Length > 0 ? names : "none")}");
    }
}
