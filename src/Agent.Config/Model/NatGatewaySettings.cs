using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary><c>vigil.nat_gateway</c>: this host translates addresses for others, and what goes through it is measured
/// as the service measures its own NAT gateways.</summary>
/// <param name="Counters">interface, nft or iptables.</param>
/// <param name="Names">For each metric what counts it.</param>
public sealed record NatGatewaySettings(
    string Id, string Counters, IReadOnlyList<(string Metric, string Name)> Names, string Namespace, bool IsPublished)
{
    /// <summary>Of <see cref="Counters"/>: what needs no right of its own.</summary>
    public const string ByInterface = "interface";

    /// <summary>Not the service's own, AWS/NATGateway, which it lets nobody else publish in.</summary>
    const string UsualNamespace = "Vigil/NATGateway";

    /// <summary>The numbers of bytes, by the names that the service's metrics have. Source: Amazon VPC user guide, "NAT
    /// gateway metrics and dimensions".</summary>
    public static IReadOnlyList<(string Key, string Metric, string Means)> Counted { get; } =
    [
        ("bytes_out_to_destination", "BytesOutToDestination", "bytes sent through the gateway to the internet"),
        ("bytes_in_from_destination", "BytesInFromDestination", "bytes that came from there"),
        ("bytes_in_from_source", "BytesInFromSource", "bytes that came from the hosts behind the gateway"),
        ("bytes_out_to_source", "BytesOutToSource", "bytes sent to them")
    ];

    internal static NatGatewaySettings From(ObjectValue gateway) => new(
        gateway.Text("id")!, gateway.Text("counters")!,
        [
            .. from one in Counted
               where gateway.Text(one.Key) is not null
               select (one.Metric, gateway.Text(one.Key)!)
        ],
        gateway.Text("namespace") ?? UsualNamespace, gateway.FlagOrNone("publish") ?? true);
}

/// <summary><c>vigil.metrics</c>: where metrics are published, and what the agent tells of itself.</summary>
public sealed record MetricsSettings(Uri? EndpointOverride, string Namespace, bool HasHeartbeat)
{
    internal static MetricsSettings From(ObjectValue? metrics) => new(
        metrics?.Text("endpoint_override") is { } written ? LogsSection.EndpointOf(written) : null,
        metrics?.Text("namespace") ?? "Vigil",
        metrics?.Flag("heartbeat") == true);
}
