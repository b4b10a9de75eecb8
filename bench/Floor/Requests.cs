using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Floor;

/// <summary>Sends bodies one after the other over one connection, each with the hash that a signature needs.</summary>
sealed class Requests : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] _answer = new byte[4096];

    public Requests(int port) => _socket.Connect(IPAddress.Loopback, port);

    public void Send(ReadOnlyMemory<byte> body)
    {
        var hash = SHA256.HashData(body.Span);
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.1\r\n"
            + $"X-Amz-Target: Logs_20140328.PutLogEvents\r\nX-Amz-Content-Sha256: {Convert.ToHexStringLower(hash)}\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n"));
        SendAll(head);
        SendAll(body.Span);
        ReadAnswer();
    }

    public void Dispose() => _socket.Dispose();

    void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    // The sink's answers are short, and each ends with the body's closing brace.
    void ReadAnswer()
    {
        var length = 0;
        do
        {
            var received = _socket.Receive(_answer.AsSpan(length));
            length = received == 0 ? throw new IOException("The sink hung up") : length + received;
        }
        while (_answer[length - 1] != (byte)'}');

        if (!_answer.AsSpan().StartsWith("HTTP/1.1 200"u8))
        {
            throw new IOException(Encoding.ASCII.GetString(_answer, 0, length));
        }
    }
}
