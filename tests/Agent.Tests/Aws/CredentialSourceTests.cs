using Agent.Aws;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>Credentials may come and go while the agent runs: their lack is waited out like a network's.</summary>
[Collection(AwsEnvironment.Collection)]
public sealed class CredentialSourceTests : IDisposable
{
    readonly AwsEnvironment _environment = new();

    public void Dispose() => _environment.Dispose();

    [Fact]
    public async Task CredentialsThatCannotBeHadNowAreTroubleToWaitOut()
    {
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:1/creds";

        await Assert.ThrowsAsync<HttpRequestException>(new CredentialSource(isLoopback: false).GetAsync);
    }
}
