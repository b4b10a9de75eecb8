using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Agent.Native;

namespace Agent.Aws;

/// <summary>What the placeholders in names of log groups and log streams stand for.</summary>
sealed record InstanceFacts(
    string InstanceId, string Hostname, string LocalHostname, string IpAddress, string Region, string AccountId)
{
    /// <summary>What stands for the id of a host that is no instance, or has not been told. Source: the CloudWatch
    /// agent.</summary>
    public const string UnknownId = "i-UNKNOWN";

    const string IdentityDocument = "/latest/dynamic/instance-identity/document";

    /// <summary>Whether there is an instance metadata service to wait for.</summary>
    public static bool AreExpected =>
        !InstanceMetadata.IsDisabled && (InstanceMetadata.IsNamed || Host.IsEc2());

    /// <summary>Asks the instance metadata service.</summary>
    /// <returns>Null when it did not answer.</returns>
    public static async Task<InstanceFacts?> TryAskAsync(
        InstanceMetadata metadata, string? region, CancellationToken cancel)
    {
        if (await metadata.TryBeginAsync(cancel) is not { } token
            || await metadata.TryGetAsync("/latest/meta-data/instance-id", token, cancel) is not { Length: > 0 } id)
        {
            return null;
        }

        var local = Local(region);
        var document = await metadata.TryGetAsync(IdentityDocument, token, cancel);
        return new(
            id,
            await metadata.TryGetAsync("/latest/meta-data/hostname", token, cancel) ?? local.Hostname,
            local.LocalHostname,
            await metadata.TryGetAsync("/latest/meta-data/local-ipv4", token, cancel) ?? local.IpAddress,
            region ?? Member(document, "region") ?? local.Region,
            Member(document, "accountId") ?? local.AccountId);
    }

    /// <summary>Asks the instance metadata service for the region alone.</summary>
    /// <returns>Null when it did not answer.</returns>
    public static async Task<string?> TryAskRegionAsync(InstanceMetadata metadata, CancellationToken cancel) =>
        await metadata.TryBeginAsync(cancel) is { } token
            ? Member(await metadata.TryGetAsync(IdentityDocument, token, cancel), "region")
            : null;

    /// <summary>What can be said without the metadata service, with the CloudWatch agent's stand-ins.</summary>
    public static InstanceFacts Local(string? region) => new(
        UnknownId, Dns.GetHostName(), Dns.GetHostName(), OwnAddress(), region ?? "UNKNOWN-REGION",
        "UNKNOWN-ACCOUNT");

    static string? Member(string? json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json ?? "{}");
            return document.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static string OwnAddress() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)
            ?.ToString() ?? "UNKNOWN-IP";
}
