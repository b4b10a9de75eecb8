using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd.Tests.Support;

/// <summary>A mail server on loopback that keeps what it is given: SMTP as plain as it comes.</summary>
sealed class MailServer : IDisposable
{
    readonly Loopback _listener;
    readonly ConcurrentQueue<string> _mails = [];

    public MailServer() => _listener = new(ServeAsync);

    public int Port => _listener.Port;

    /// <summary>Each as it was sent, headers and all.</summary>
    public IReadOnlyCollection<string> Mails => _mails;

    public void Dispose() => _listener.Dispose();

    async Task ServeAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false));
        writer.NewLine = "\r\n";
        writer.AutoFlush = true;
        await writer.WriteLineAsync("220 mail.example ESMTP");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                _mails.Enqueue(await ReadMailAsync(reader));
            }

            var isLast = line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase);
            await writer.WriteLineAsync(isLast ? "221 bye" : "250 OK");
        }
    }

    static async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".")
        {
            mail.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        }

        return mail.Replace("=\n", "").ToString(); // as quoted-printable breaks lines
    }
}
