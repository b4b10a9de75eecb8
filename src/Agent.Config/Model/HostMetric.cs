namespace Agent.Config.Model;

/// <summary>A metric that is measured on this host, and may be watched.</summary>
/// <param name="IsOfGateway">Whether it is of <c>vigil.nat_gateway</c>.</param>
public sealed record HostMetric(string Name, string Means, bool IsOfGateway = false)
{
    public const string Lag = "LagSeconds";
    public const string DeadLetters = "DeadLetterEvents";
    public const string Lost = "LostBytes";
    public const string DiskFree = "DiskFreePercent";

    public static IReadOnlyList<HostMetric> All { get; } =
    [
        new(Lag, "how long the oldest line waits that was read and is not delivered"),
        new(DeadLetters, "log events that the service refused for good, and that are kept"),
        new(Lost, "bytes of log files that were seen and will never be delivered, by the minute"),
        new(DiskFree, "the part of the state folder's disk that is free"),
        .. NatGatewaySettings.Counted.Select(one => new HostMetric(one.Metric, one.Means, IsOfGateway: true)),
        new("ActiveConnectionCount", "TCP connections that are open through the gateway", IsOfGateway: true),
        new("ErrorPortAllocation", "connections for which no port was free", IsOfGateway: true)
    ];
}
