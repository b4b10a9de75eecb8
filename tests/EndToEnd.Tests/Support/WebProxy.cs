using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd.Tests.Support;

/// <summary>A web proxy as companies have them: it forwards requests and opens tunnels, for those who say the password.
/// One request a connection.</summary>
sealed class WebProxy : IDisposable
{
    readonly Loopback _listener;
    int _served;
    int _tunnels;

    public WebProxy() => _listener = new(ServeAsync);

    /// <summary>Where it is, with a user and the password.</summary>
    public string Address(string password) =>
        $"http://user:{password}@127.0.0.1:{_listener.Port}";

    /// <summary>What a client must say; null lets in everybody.</summary>
    public volatile string? Password;

    /// <summary>Answers in the service's place, as long as it says something.</summary>
    public Func<HttpMessage, string?> Answer { get; set; } = _ => null;

    /// <summary>How many requests were forwarded, and how many tunnels opened.</summary>
    public (int Served, int Tunnels) Count => (Volatile.Read(ref _served), Volatile.Read(ref _tunnels));

    public void Dispose() => _listener.Dispose();

    async Task ServeAsync(TcpClient client)
    {
        var stream = client.GetStream();
        if (await HttpMessage.ReadAsync(stream, CancellationToken.None) is not { } request)
        {
            return;
        }

        if (!IsAllowed(request))
        {
            await SendAsync(stream, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"\r\n");
        }
        else if (Answer(request) is { } answer)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
        else
        {
            await ForwardAsync(request, stream);
        }
    }

    bool IsAllowed(HttpMessage request) =>
        Password is not { } password || request["Proxy-Authorization"]
            == "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{password}"));

    // Names are nobody's but the test's: all of them are this machine.
    async Task ForwardAsync(HttpMessage request, NetworkStream stream)
    {
        var isTunnel = request.Head.StartsWith("CONNECT ", StringComparison.Ordinal);
        var target = new Uri(isTunnel ? "http://" + request.Path : request.Path);
        using var service = new TcpClient();
        await service.ConnectAsync(IPAddress.Loopback, target.Port);
        var upstream = service.GetStream();
        if (isTunnel)
        {
            Interlocked.Increment(ref _tunnels);
            await SendAsync(stream, "200 Connection established", "");
            await Task.WhenAny(stream.CopyToAsync(upstream), upstream.CopyToAsync(stream));
            return;
        }

        Interlocked.Increment(ref _served);
        var head = new StringBuilder($"{request.Head.Split(' ')[0]} {target.PathAndQuery} HTTP/1.1\r\n");
        foreach (var (name, value) in request.Headers)
        {
            if (name.StartsWith("Proxy-", StringComparison.Ordinal))
            {
                continue; // they are the proxy's
            }

            head.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        await upstream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("Connection: close\r\n\r\n").ToString()));
        await upstream.WriteAsync(request.Body);
        await upstream.CopyToAsync(stream);
    }

    static async Task SendAsync(NetworkStream stream, string status, string headers)
    {
        var head = $"HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
    }
}
