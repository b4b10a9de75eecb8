using System.Net.Sockets;
using System.Text;
using EndToEnd.Tests.Support;

namespace Agent.Tests.Support;

/// <summary>Something that listens on loopback and does with each connection what a test wants, however unlike a
/// web server.</summary>
sealed class RawServer : IDisposable
{
    readonly Loopback _listener;

    public RawServer(Func<NetworkStream, Task> serve) => _listener = new(client => serve(client.GetStream()));

    public Uri Address => new($"http://127.0.0.1:{_listener.Port}/");

    /// <summary>Reads a request's head, line by line, without its last empty one.</summary>
    public static async Task<List<string>> ReadHeadAsync(Stream stream)
    {
        List<string> lines = [];
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] != '\n')
            {
                line.Append((char)one[0]);
                continue;
            }

            if (line.ToString().TrimEnd('\r') is not { Length: > 0 } text)
            {
                break;
            }

            lines.Add(text);
            line.Clear();
        }

        return lines;
    }

    public static string? Header(List<string> head, string name) => head
        .Select(line => line.Split(": ", 2))
        .FirstOrDefault(parts => parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];

    public static async Task<byte[]> ReadBodyAsync(Stream stream, List<string> head)
    {
        var body = new byte[int.Parse(Header(head, "content-length") ?? "0",
            System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body);
        return body;
    }

    public static async Task AnswerAsync(NetworkStream stream, int status, string body, params string[] headers) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {status} Because\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
            + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n" + body));

    public void Dispose() => _listener.Dispose();
}
