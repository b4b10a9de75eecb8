using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd.Tests.Support;

/// <summary>Stands on loopback between the agent and the local service, and does to requests what networks and
/// services do, by seeded dice. What it forwarded is counted: that is what the service has taken.</summary>
/// <param name="upstream">Where the service is.</param>
/// <param name="seed">The same seed throws the same dice; which request meets which throw is up to timing.</param>
sealed class FaultyProxy(Uri upstream, int seed) : IAsyncDisposable
{
    static readonly (int Status, string Type)[] Refusals =
    [
        (500, "InternalServerException"), (503, "ServiceUnavailableException"), (429, "ThrottlingException")
    ];

    readonly HttpClient _service = new();
    readonly ConcurrentDictionary<TcpClient, Task> _clients = [];
    readonly Random _dice = new(seed);
    readonly Lock _lock = new();
    TcpListener? _listener;
    Task _accepting = Task.CompletedTask;
    int _port;

    public Uri Endpoint => new($"http://127.0.0.1:{_port}");

    /// <summary>May be changed while requests are on their way.</summary>
    public Faults Faults { get; set; } = new();

    /// <summary>Called when the service has taken a batch, before its answer goes back.</summary>
    public Func<Task> Forwarded { get; set; } = () => Task.CompletedTask;

    /// <summary>The batches that the service took, and those of them whose sender never heard of it.</summary>
    public ForwardedCount Count { get; } = new();

    public static FaultyProxy Start(Cloud cloud, int seed = 1)
    {
        var proxy = new FaultyProxy(cloud.Endpoint, seed);
        proxy.Up();
        return proxy;
    }

    /// <summary>Takes connections, on the same port as before.</summary>
    public void Up()
    {
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Refuses connections until it is up again, and drops those there are.</summary>
    public async Task DownAsync()
    {
        _listener?.Dispose();
        await _accepting;
        foreach (var client in _clients.Keys)
        {
            Drop(client);
        }

        await Task.WhenAll(_clients.Values);
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        _service.Dispose();
    }

    async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync();
                client.NoDelay = true;
                var begin = new TaskCompletionSource();
                _clients[client] = ServeAsync(client, begin.Task);
                begin.SetResult();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    async Task ServeAsync(TcpClient client, Task begin)
    {
        await begin;
        try
        {
            var stream = client.GetStream();
            while (await HttpMessage.ReadAsync(stream, CancellationToken.None) is { } request)
            {
                if (!await ServeAsync(request, stream))
                {
                    Drop(client);
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException
            or InvalidOperationException)
        {
            // The sender went away, or the proxy went down.
        }

        client.Dispose();
        _clients.TryRemove(client, out _);
    }

    // Whether the connection lives on.
    async Task<bool> ServeAsync(HttpMessage request, NetworkStream stream)
    {
        var (fate, delay, refusal) = Throw();
        await Task.Delay(delay); // waits for the network, as it were
        switch (fate)
        {
            case Fate.Reset:
                return false;
            case Fate.Refused:
                await stream.WriteAsync(Answer(
                    refusal.Status, Encoding.ASCII.GetBytes($$"""{"__type":"{{refusal.Type}}","message":"dice"}"""),
                    "refused"));
                return true;
        }

        if (await ForwardAsync(request) is not { } answer)
        {
            return false;
        }

        var isBatch = request["X-Amz-Target"]?.EndsWith(".PutLogEvents", StringComparison.Ordinal) == true
            && answer.Status == 200;
        var batch = isBatch ? Count.Took(request.Body) : 0;
        await (isBatch ? Forwarded() : Task.CompletedTask);
        try
        {
            if (fate == Fate.Answered)
            {
                await stream.WriteAsync(answer.Bytes);
                Count.Answered(batch);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }

        return fate == Fate.Answered;
    }

    (Fate Fate, TimeSpan Delay, (int Status, string Type) Refusal) Throw()
    {
        using var held = _lock.EnterScope();
        return (Faults.Throw(_dice), Faults.Delay(_dice), Refusals[_dice.Next(Refusals.Length)]);
    }

    // Null where the service itself is away.
    async Task<(int Status, byte[] Bytes)?> ForwardAsync(HttpMessage request)
    {
        using var forward = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, request.Path))
        {
            Content = new ByteArrayContent(request.Body)
        };
        foreach (var (name, value) in request.Headers)
        {
            // The host, too, is signed: it stays the proxy's.
            if (!forward.Headers.TryAddWithoutValidation(name, value))
            {
                forward.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        try
        {
            using var response = await _service.SendAsync(forward);
            var body = await response.Content.ReadAsByteArrayAsync();
            var id = response.Headers.TryGetValues("x-amzn-RequestId", out var ids) ? ids.First() : "none";
            return ((int)response.StatusCode, Answer((int)response.StatusCode, body, id));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    static byte[] Answer(int status, byte[] body, string requestId)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {(HttpStatusCode)status}\r\nContent-Type: application/x-amz-json-1.1\r\n"
            + $"x-amzn-RequestId: {requestId}\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    // With a reset, as a network does that gives up: no orderly end.
    static void Drop(TcpClient client)
    {
        try
        {
            client.LingerState = new(enable: true, seconds: 0);
            client.Dispose();
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException or NullReferenceException)
        {
            return; // it is gone already
        }
    }
}
