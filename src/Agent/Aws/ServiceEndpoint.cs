using Amazon;
using CloudWatch.Wire;

namespace Agent.Aws;

/// <summary>Which of a region's addresses is meant.</summary>
/// <param name="IsDualStack">The one that IPv6 reaches too.</param>
/// <param name="IsFips">The one whose cryptography is validated by FIPS 140.</param>
sealed record EndpointVariant(bool IsDualStack = false, bool IsFips = false);

/// <summary>Where CloudWatch Logs is spoken to, and for which region requests are signed.</summary>
sealed record ServiceEndpoint(Uri Address, string Region)
{
    /// <summary>What a request is signed for when there is no telling the region: an endpoint of one's own does not
    /// care.</summary>
    const string AnyRegion = "us-east-1";

    /// <summary>Whether the service runs on this machine, where nobody needs credentials to find.</summary>
    public bool IsLoopback => Address.IsLoopback;

    /// <summary>The endpoint of a region in its partition, or the one that was given.</summary>
    /// <returns>Null when neither a region nor an endpoint is known.</returns>
    public static ServiceEndpoint? Of(string? region, Uri? endpointOverride, EndpointVariant? variant = null)
    {
        if (endpointOverride is not null)
        {
            return new(endpointOverride, region ?? AnyRegion);
        }

        return region is not null && AddressOf(LogsApi.Service, region, variant ?? new()) is { } address
            ? new(address, region)
            : null;
    }

    /// <summary>The address that the environment sets for one service, as the SDKs read it.</summary>
    /// <param name="service">By the SDKs' name for it.</param>
    public static Uri? SetFor(string service) => Uri.TryCreate(
        Environment.GetEnvironmentVariable($"AWS_ENDPOINT_URL_{service.ToUpperInvariant()}"), UriKind.Absolute,
        out var set) && set.Scheme is "http" or "https" ? set : null;

    /// <summary>The address of a service. Source: AWS General Reference, "AWS service endpoints".</summary>
    /// <returns>Null where the region cannot be part of an address.</returns>
    public static Uri? AddressOf(string service, string region, EndpointVariant variant)
    {
        // It may be somebody's answer, and must not lead a signature to another host.
        if (!region.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            return null;
        }

        var plain = RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix;
        var suffix = !variant.IsDualStack ? plain
            : plain.EndsWith(".cn", StringComparison.Ordinal) ? "api.amazonwebservices.com.cn"
            : "api.aws";
        var name = variant.IsFips ? service + "-fips" : service;
        return Uri.TryCreate($"https://{name}.{region}.{suffix}/", UriKind.Absolute, out var address) ? address : null;
    }
}
