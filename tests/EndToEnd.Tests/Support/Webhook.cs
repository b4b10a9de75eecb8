using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace EndToEnd.Tests.Support;

/// <summary>What notices of alarms are posted to.</summary>
sealed class Webhook : IDisposable
{
    readonly Loopback _listener;
    readonly ConcurrentQueue<HttpMessage> _posts = [];

    public Webhook() => _listener = new(ServeAsync);

    public Uri Url => new($"http://127.0.0.1:{_listener.Port}/alarms");

    /// <summary>Answers 503 as long as it is set, and keeps nothing.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often it refused.</summary>
    public int Refused { get; private set; }

    public IReadOnlyCollection<HttpMessage> Posts => _posts;

    /// <summary>The alarms' names and states, in the order they came.</summary>
    public IEnumerable<string> States => _posts.Select(post => Json(post)).Select(
        json => $"{json.GetProperty("AlarmName")} {json.GetProperty("NewStateValue")}");

    public static JsonElement Json(HttpMessage post) => JsonDocument.Parse(post.Body).RootElement;

    public void Dispose() => _listener.Dispose();

    async Task ServeAsync(TcpClient client)
    {
        var stream = client.GetStream();
        while (await HttpMessage.ReadAsync(stream, CancellationToken.None) is { } request)
        {
            if (!IsDown)
            {
                _posts.Enqueue(request);
            }
            else
            {
                Refused++;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 {(IsDown ? "503 Down" : "200 OK")}\r\nContent-Length: 0\r\n\r\n"));
        }
    }
}
