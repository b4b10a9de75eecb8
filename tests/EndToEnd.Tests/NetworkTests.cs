using System.Text;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>What stands between a host and the service in a company, and credentials that do not last.</summary>
public sealed class NetworkTests : IDisposable
{
    const int Lines = 20_000;

    readonly TestFolder _folder = new();
    readonly SecureLog _log;

    public NetworkTests() => _log = new(_folder["secure"]);

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AProxyThatWantsAPasswordGetsItAndWhileItIsWrongNothingIsLost()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        using var proxy = new WebProxy { Password = "another" };
        _log.Append(Lines);
        await using var vigil = Start(Named(cloud), new() { ["HTTP_PROXY"] = proxy.Address("secret") });
        await vigil.SaysAsync("407");
        Assert.DoesNotContain("secret", vigil.Output, StringComparison.Ordinal);
        proxy.Password = "secret";

        await Shipping.ArrivedOnceAsync(cloud, _log);
        Assert.InRange(proxy.Count.Served, 2, 1000);
    }

    [Fact]
    public async Task ATunnelThroughAProxyAndACertificateOfACompanysOwn()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        using var front = new TlsFront(cloud.Endpoint);
        using var proxy = new WebProxy { Password = "secret" };
        await File.WriteAllTextAsync(_folder["ca.pem"], front.Authority, TestContext.Current.CancellationToken);
        _log.Append(Lines);
        await using var vigil = Start(front.Endpoint, new()
        {
            ["HTTPS_PROXY"] = proxy.Address("secret"),
            ["AWS_CA_BUNDLE"] = _folder["ca.pem"]
        });

        await Shipping.ArrivedOnceAsync(cloud, _log);
        Assert.InRange(proxy.Count.Tunnels, 1, 1000);
    }

    [Fact]
    public async Task ACertificateThatNobodyVouchesForIsNotTrustedAndTheReasonIsSaid()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        using var front = new TlsFront(cloud.Endpoint);
        _log.Append(10);
        await using var vigil = Start(front.Endpoint, []);

        await vigil.SaysAsync("no secure connection to localhost");
        Assert.Empty(await cloud.MessagesAsync(Configuration.Group));
    }

    /// <summary>An instance's role gives out credentials that are good for ten seconds. The service takes no older
    /// ones, and each line arrives once, soon after it was written.</summary>
    [Fact]
    public async Task CredentialsThatExpireEveryTenSecondsAreRenewed()
    {
        using var metadata = new MetadataService { IsUp = true, Lifetime = TimeSpan.FromSeconds(10) };
        await using var cloud = await Cloud.StartAsync(_folder);
        var refused = 0;
        using var proxy = new WebProxy { Answer = Judge };
        await using var vigil = Start(Named(cloud), new()
        {
            ["HTTP_PROXY"] = proxy.Address("secret"),
            ["NO_PROXY"] = "127.0.0.1",
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadata.Endpoint,
            ["AWS_ACCESS_KEY_ID"] = null
        });
        for (var i = 0; i < 4; i++)
        {
            _log.Append(100);
            var written = TimeProvider.System.GetTimestamp();
            await Shipping.EndsInAsync(cloud, _log.Written - 1, vigil);
            Assert.InRange(TimeProvider.System.GetElapsedTime(written).TotalSeconds, 0, 15);
            await Wait.UntilAsync(
                () => metadata.Tokens.Values.All(end => end < DateTimeOffset.UtcNow), () => "they do not expire");
        }

        await Shipping.ArrivedOnceAsync(cloud, _log);
        Assert.True(metadata.Tokens.Count >= 4, $"{metadata.Tokens.Count} tokens, {refused} refused:\n{vigil.Output}");

        string? Judge(HttpMessage request)
        {
            if (request["x-amz-security-token"] is not { } token
                || (metadata.Tokens.TryGetValue(token, out var end) && end > DateTimeOffset.UtcNow))
            {
                return null;
            }

            Interlocked.Increment(ref refused);
            const string Body = """{"__type":"ExpiredTokenException","message":"The security token is expired"}""";
            return "HTTP/1.1 400 Bad Request\r\nx-amzn-RequestId: 1\r\n"
                + $"Content-Length: {Encoding.ASCII.GetByteCount(Body)}\r\n\r\n{Body}";
        }
    }

    // No address of this machine by its name: only the proxy knows the way.
    static Uri Named(Cloud cloud) => new($"http://logs.localhost:{cloud.Endpoint.Port}");

    VigilProcess Start(Uri endpoint, Dictionary<string, string?> environment)
    {
        var all = new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = "vigil",
            ["AWS_SECRET_ACCESS_KEY"] = "vigil"
        };
        foreach (var (name, value) in environment)
        {
            all[name] = value;
        }

        return VigilProcess.Start(
            all, "run", "--config", Configuration.Write(_folder, endpoint), "--state", _folder["state"]);
    }
}
