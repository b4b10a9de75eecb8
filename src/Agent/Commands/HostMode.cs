using Agent.Aws;
using Amazon.Runtime.CredentialManagement;

namespace Agent.Commands;

/// <summary>Where the host is, as <c>ctl -m</c> was told: on premises there is no instance to name a log stream after,
/// nor one that gives credentials. Source: the CloudWatch agent's modes.</summary>
static class HostMode
{
    /// <summary>What it is remembered by in <see cref="EnvironmentFile"/>.</summary>
    public const string Variable = "VIGIL_MODE";

    /// <summary>What may be told.</summary>
    public static readonly string[] Known = [Ec2, "onPremise", "onPrem", "auto"];

    const string Ec2 = "ec2";
    const string Profile = "AmazonCloudWatchAgent";

    public static string Of(IReadOnlyDictionary<string, string> variables) =>
        variables.GetValueOrDefault(Variable, Ec2);

    /// <summary>The log stream of files that name none.</summary>
    public static string DefaultStream(IReadOnlyDictionary<string, string> variables) =>
        IsOnPremises(Of(variables)) ? "{hostname}" : "{instance_id}";

    /// <summary>On premises the profile of this name is used, where nobody named another.</summary>
    public static void UseProfile(IReadOnlyDictionary<string, string> variables)
    {
        if (!IsOnPremises(Of(variables)) || IsSet("AWS_PROFILE") || IsSet("AWS_ACCESS_KEY_ID")
            || !new CredentialProfileStoreChain().TryGetProfile(Profile, out var profile))
        {
            return;
        }

        Environment.SetEnvironmentVariable("AWS_PROFILE", Profile);
        if (profile.Region is { } region && HostEnvironment.Region() is null)
        {
            Environment.SetEnvironmentVariable("AWS_REGION", region.SystemName);
        }
    }

    static bool IsOnPremises(string mode) => mode switch
    {
        "onPremise" or "onPrem" => true,
        "auto" => !InstanceFacts.AreExpected,
        _ => false
    };

    static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
