using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace EndToEnd.Tests.Support;

/// <summary>An instance metadata service (IMDSv2) that answers only once it is told to, as at boot.</summary>
sealed class MetadataService : IDisposable
{
    public const string Region = "eu-west-1";

    const string Roles = "/latest/meta-data/iam/security-credentials";

    readonly HttpListener _listener = new();

    public MetadataService()
    {
        var port = FreePort();
        Endpoint = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Endpoint { get; }

    /// <summary>Until set, every request is answered with 503.</summary>
    public volatile bool IsUp;

    /// <summary>Whether it was asked at all.</summary>
    public volatile bool WasAsked;

    /// <summary>How long the credentials of the instance's role are good for that it gives out; null gives out
    /// none.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The session tokens that were given out, with their ends.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> Tokens { get; } = [];

    public void Dispose() => _listener.Close();

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    void Answer(HttpListenerContext context)
    {
        WasAsked = true;
        var text = IsUp ? Text(context.Request) : null;
        context.Response.StatusCode = IsUp ? text is null ? 404 : 200 : 503;
        context.Response.Close(Encoding.ASCII.GetBytes(text ?? ""), willBlock: false);
    }

    // Without a session token version 2 tells nothing.
    string? Text(HttpListenerRequest request)
    {
        if (request.HttpMethod == "PUT")
        {
            return "a-token";
        }

        return request.Headers["X-aws-ec2-metadata-token"] != "a-token" ? null : request.Url!.AbsolutePath switch
        {
            "/latest/meta-data/instance-id" => "i-0123456789abcdef0",
            "/latest/meta-data/hostname" => "ip-10-10-20-20.ec2.internal",
            "/latest/meta-data/local-ipv4" => "10.10.20.20",
            "/latest/dynamic/instance-identity/document" =>
                $$"""{"region":"{{Region}}","accountId":"111122223333"}""",
            Roles when Lifetime is not null => "a-role",
            Roles + "/a-role" when Lifetime is { } lifetime => Credentials(lifetime),
            _ => null
        };
    }

    string Credentials(TimeSpan lifetime)
    {
        var token = $"token-{Tokens.Count}";
        var end = DateTimeOffset.UtcNow + lifetime;
        Tokens[token] = end;
        return $$"""
            { "Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "vigil", "SecretAccessKey": "vigil",
              "Token": "{{token}}", "Expiration": "{{end:yyyy-MM-ddTHH:mm:ssZ}}" }
            """;
    }

    static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
