using Agent.Aws;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
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

    [Fact]
    public async Task ThatThereAreNoneIsRememberedForAWhile()
    {
        var asked = 0;
        using var server = new RawServer(async stream =>
        {
            await RawServer.ReadHeadAsync(stream);
            Interlocked.Increment(ref asked);
            await RawServer.AnswerAsync(stream, 400, "{}");
        });
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"{server.Address}creds";
        var time = new FakeTimeProvider();
        var source = new CredentialSource(isLoopback: false, role: null, time);
        await Assert.ThrowsAsync<HttpRequestException>(source.GetAsync);
        var first = asked;

        await Assert.ThrowsAsync<HttpRequestException>(source.GetAsync);
        Assert.InRange(first, 1, 100);
        Assert.Equal(first, asked);
        time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<HttpRequestException>(source.GetAsync);
        Assert.True(asked > first);
    }
}
