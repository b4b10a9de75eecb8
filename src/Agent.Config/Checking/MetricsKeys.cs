using Agent.Config.Model;
using Agent.Config.Reading;
using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>The keys of what is published as metrics: <c>vigil.metrics</c> and <c>vigil.nat_gateway</c>.</summary>
static class MetricsKeys
{
    public static Section Metrics { get; } = new(UnknownKeys.Refused,
    [
        new("endpoint_override", new Text(4, 2048), "the address of what takes metrics in the region's place",
            Further: SharedKeys.CheckEndpoint),
        new("namespace", new Text(1, Limits.MetricNameLength), "the namespace of what the agent tells of itself",
            Further: CheckNamespace),
        new("heartbeat", new Flag(), "true to publish a datapoint a minute as long as the agent runs")
    ]);

    public static Section NatGateway { get; } = new(UnknownKeys.Refused,
    [
        new("id", new Text(1, Limits.DimensionValueLength), "the value of the dimension NatGatewayId",
            Needed: "nobody could tell which gateway it is", Further: CheckId),
        new("counters", new OneOfTexts(NatGatewaySettings.ByInterface, "nft", "iptables"), "interface, nft or iptables",
            Needed: "nothing says what counts the bytes"),
        .. NatGatewaySettings.Counted.Select(one => new Key(
            one.Key, new Text(1, 256),
            $"what counts {one.Metric}: an interface, FAMILY TABLE NAME of a counter of nft, or the comment of rules "
            + "of iptables")),
        new("namespace", new Text(1, Limits.MetricNameLength), "the namespace that it is published in",
            Further: CheckNamespace),
        new("publish", new Flag(), "false to measure for the alarms of this host only")
    ]);

    // Source: nft(8), "Address families".
    static readonly string[] Families = ["ip", "ip6", "inet", "arp", "bridge", "netdev"];

    /// <summary>API: MetricDatum, Dimension: a name is of letters of ASCII, and does not begin with a colon.</summary>
    public static void CheckName(Value value, FaultList faults)
    {
        if (value is TextValue { Text: var text } && (text.StartsWith(':') || !IsPlain(text)))
            faults.Error(value, $"{value.Found} was found, which is no name of a metric", "write letters of ASCII");
    }

    /// <summary>The same of the names of dimensions.</summary>
    public static void CheckDimensions(Value value, FaultList faults)
    {
        var members = ((ObjectValue)value).Members;
        foreach (var member in members.Where(one => one.Name.StartsWith(':') || !IsPlain(one.Name)))
            faults.Error(member, "is no name of a dimension", "write letters of ASCII, and no : in front");
    }

    /// <summary>API: PutMetricData.</summary>
    public static void CheckNamespace(Value value, FaultList faults)
    {
        var text = ((TextValue)value).Text;
        if (text.StartsWith(':') || !IsPlain(text))
        {
            faults.Error(value, $"{value.Found} was found, which is no namespace",
                "write letters of ASCII, and no : in front");
        }
        else if (text.StartsWith("AWS/", StringComparison.Ordinal))
        {
            faults.Warning(value, $"{value.Found} was found, and AWS keeps AWS/ for itself",
                "choose another, unless the endpoint is one of your own");
        }
    }

    /// <summary>What the counters of a gateway must agree on.</summary>
    public static void Check(ObjectValue? gateway, FaultList faults)
    {
        if (gateway is null)
            return;

        var counted = NatGatewaySettings.Counted.Select(one => gateway.Member(one.Key)).OfType<Member>().ToList();
        if (counted.Count == 0)
            faults.Error(gateway, "nothing of it is counted", "set bytes_out_to_destination");

        foreach (var name in counted.Select(member => member.Value).OfType<TextValue>())
        {
            if (gateway.Text("counters") == "nft" && !IsOfNft(name.Text))
            {
                faults.Error(name, $"{name.Found} was found, the family, table and name of a counter are allowed",
                    "write them like \"ip filter to_internet\": 'nft list counters' shows them");
            }
            else if (gateway.Text("counters") == NatGatewaySettings.ByInterface && !IsInterface(name.Text))
            {
                faults.Error(name, $"{name.Found} was found, the name of an interface is allowed",
                    "write it like \"eth0\": 'ip link' shows them");
            }
        }
    }

    static bool IsOfNft(string name) =>
        name.Split(' ') is [var family, var table, var counter] && Families.Contains(family)
        && (table + counter).All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '/' or '\\' or '.');

    // Source: the kernel's dev_valid_name, and IFNAMSIZ.
    static bool IsInterface(string name) =>
        name.Length <= 15 && name is not ("." or "..")
        && name.All(letter => letter is > ' ' and <= '~' and not ('/' or ':'));

    static void CheckId(Value value, FaultList faults)
    {
        if (!IsPlain(((TextValue)value).Text))
            faults.Error(value, $"{value.Found} was found, which is no value of a dimension", "write letters of ASCII");
    }

    static bool IsPlain(string text) => text.All(letter => letter is >= ' ' and <= '~') && text.Trim().Length > 0;
}
