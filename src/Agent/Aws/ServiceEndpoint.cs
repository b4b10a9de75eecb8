using Amazon;
using CloudWatch.Wire;

namespace Agent.Aws;

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
    public static ServiceEndpoint? Of(string? region, Uri? endpointOverride)
    {
        if (endpointOverride is not null)
        {
            return new(endpointOverride, region ?? AnyRegion);
        }

        if (region is null)
        {
            return null;
        }

        var suffix = RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix;
        return Uri.TryCreate($"https://{LogsApi.Service}.{region}.{suffix}/", UriKind.Absolute, out var address)
            ? new(address, region)
            : null;
    }
}
