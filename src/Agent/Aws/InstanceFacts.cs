using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Agent.Native;
using Amazon.Util;

namespace Agent.Aws;

/// <summary>What the placeholders in names of log groups and log streams stand for.</summary>
sealed record InstanceFacts(
    string InstanceId, string Hostname, string LocalHostname, string IpAddress, string Region, string AccountId)
{
    /// <summary>Asks the instance metadata service (IMDSv2; the SDK asks for a session token first). Blocks for some
    /// seconds where nobody answers.</summary>
    /// <returns>Null when it did not answer.</returns>
    public static InstanceFacts? TryAsk(string? region)
    {
        if (!EC2InstanceMetadata.IsIMDSEnabled || EC2InstanceMetadata.InstanceId is not { Length: > 0 } id)
        {
            return null;
        }

        return new(
            id,
            EC2InstanceMetadata.Hostname is { Length: > 0 } hostname ? hostname : Dns.GetHostName(),
            Dns.GetHostName(),
            EC2InstanceMetadata.PrivateIpAddress is { Length: > 0 } address ? address : OwnAddress(),
            region ?? EC2InstanceMetadata.Region?.SystemName ?? UnknownRegion,
            EC2InstanceMetadata.IdentityDocument is { } document ? AccountOf(document) : UnknownAccount);
    }

    /// <summary>What can be said without the metadata service. Source of the stand-ins: the CloudWatch agent.</summary>
    public static InstanceFacts Local(string? region) => new(
        "i-UNKNOWN", Dns.GetHostName(), Dns.GetHostName(), OwnAddress(), region ?? UnknownRegion, UnknownAccount);

    /// <summary>Whether there is an instance metadata service to wait for.</summary>
    public static bool AreExpected =>
        EC2InstanceMetadata.IsIMDSEnabled
        && (Host.IsEc2() || Environment.GetEnvironmentVariable("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { Length: > 0 });

    const string UnknownRegion = "UNKNOWN-REGION";
    const string UnknownAccount = "UNKNOWN-ACCOUNT";

    static string AccountOf(string identityDocument)
    {
        using var document = System.Text.Json.JsonDocument.Parse(identityDocument);
        return document.RootElement.TryGetProperty("accountId", out var account)
            ? account.GetString() ?? UnknownAccount
            : UnknownAccount;
    }

    static string OwnAddress() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)
            ?.ToString() ?? "UNKNOWN-IP";
}
