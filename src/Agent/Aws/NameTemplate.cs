namespace Agent.Aws;

/// <summary>The name of a log group or log stream as configured, with its placeholders. An unknown placeholder stays
/// as it is, as in the CloudWatch agent.</summary>
static class NameTemplate
{
    /// <summary>Whether the name depends on what only the instance can say.</summary>
    public static bool NeedsFacts(string template) => template.Contains('{', StringComparison.Ordinal);

    /// <param name="today">The date, in UTC, when the agent started: {date} never advances while it runs.</param>
    public static string Expand(string template, InstanceFacts facts, DateOnly today) => template
        .Replace("{instance_id}", facts.InstanceId, StringComparison.Ordinal)
        .Replace("{hostname}", facts.Hostname, StringComparison.Ordinal)
        .Replace("{local_hostname}", facts.LocalHostname, StringComparison.Ordinal)
        .Replace("{ip_address}", facts.IpAddress, StringComparison.Ordinal)
        .Replace("{aws_region}", facts.Region, StringComparison.Ordinal)
        .Replace("{account_id}", facts.AccountId, StringComparison.Ordinal)
        .Replace("{date}", today.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
}
