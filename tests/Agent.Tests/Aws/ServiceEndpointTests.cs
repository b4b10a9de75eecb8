using Agent.Aws;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>Where the service of a region is.</summary>
public sealed class ServiceEndpointTests
{
    [Theory]
    [InlineData("eu-central-1", "https://logs.eu-central-1.amazonaws.com/")]
    [InlineData("cn-north-1", "https://logs.cn-north-1.amazonaws.com.cn/")]
    [InlineData("us-gov-west-1", "https://logs.us-gov-west-1.amazonaws.com/")]
    [InlineData("eu-nowhere-9", "https://logs.eu-nowhere-9.amazonaws.com/")]
    public void ARegionIsSpokenToInItsPartition(string region, string address)
    {
        var endpoint = ServiceEndpoint.Of(region, null);

        Assert.Equal(new(new Uri(address), region), endpoint);
        Assert.False(endpoint!.IsLoopback);
    }

    /// <summary>Source: AWS General Reference, "AWS service endpoints".</summary>
    [Theory]
    [InlineData("eu-central-1", true, false, "https://logs.eu-central-1.api.aws/")]
    [InlineData("cn-north-1", true, false, "https://logs.cn-north-1.api.amazonwebservices.com.cn/")]
    [InlineData("us-east-1", false, true, "https://logs-fips.us-east-1.amazonaws.com/")]
    [InlineData("us-east-1", true, true, "https://logs-fips.us-east-1.api.aws/")]
    public void ARegionHasAddressesForIPv6AndForFips(string region, bool isDualStack, bool isFips, string address) =>
        Assert.Equal(new Uri(address), ServiceEndpoint.Of(region, null, new(isDualStack, isFips))!.Address);

    [Theory]
    [InlineData("cn-north-1", "cn-north-1")]
    [InlineData(null, "us-east-1")]
    public void AnEndpointOfOnesOwnIsTakenAndRequestsAreSignedForTheRegion(string? region, string signedFor)
    {
        var endpoint = ServiceEndpoint.Of(region, new Uri("http://127.0.0.1:4566"));

        Assert.Equal(new(new Uri("http://127.0.0.1:4566"), signedFor), endpoint);
        Assert.True(endpoint!.IsLoopback);
    }

    [Fact]
    public void WithoutRegionAndEndpointThereIsNobodyToSpeakTo() => Assert.Null(ServiceEndpoint.Of(null, null));
}
