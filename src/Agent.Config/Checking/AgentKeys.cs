using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>The keys of the <c>agent</c> section. Source: CloudWatch agent schema, which lets it have others. What
/// concerns only metrics is taken without a word: it was never asked of a log shipper.</summary>
static class AgentKeys
{
    public static Section Section { get; } = new(UnknownKeys.Ignored,
    [
        new("region", new Text(1, 64), "the region, such as eu-central-1", Further: CheckRegion),
        new("debug", new Flag(), "true for a detailed log of the agent's own"),
        new("logfile", new Text(0, 4096), "the path of the agent's own log"),
        new("metrics_collection_interval", new Whole(1, 172_800), "the seconds between two measurements"),
        new("omit_hostname", new Flag(), "true to leave the host out of metrics"),

        new("quiet", new Flag(), "true for errors only in the agent's own log"),
        new("aws_sdk_log_level", new Text(0, 4096), "what of each request is logged", NotServed: "none is logged"),
        new("run_as_user", new Text(0, 256), "the user to run as", Further: CheckUser),
        new("use_dualstack_endpoint", new Flag(), "true for the service's address with IPv6"),
        SharedKeys.Credentials,
        .. SharedKeys.Entity
    ]);

    // It becomes part of a unit of systemd. Source: systemd's documentation, "User/Group Name Syntax".
    static void CheckUser(Value value, FaultList faults)
    {
        var user = ((TextValue)value).Text;
        if (!user.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            || user is ['-' or '.', ..])
        {
            faults.Error(value, $"{value.Found} was found, only letters, digits, -, _ and . are allowed",
                "set the user to run as, such as cwagent");
        }
    }

    // The region becomes part of the service's address; a slash or a dot in it would ask some other host.
    static void CheckRegion(Value value, FaultList faults)
    {
        var region = ((TextValue)value).Text;
        if (!region.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
        {
            faults.Error(value, $"{value.Found} was found, only lower case letters, digits and - are allowed",
                "set the region, such as eu-central-1");
        }
    }
}
