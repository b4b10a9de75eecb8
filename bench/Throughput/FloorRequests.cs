using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Throughput;

/// <summary>Sends bodies one after the other over one connection, each with the hash that a signature needs.</summary>
sealed class FloorRequests : IDisposable
{
    const int LongestPacked = 4 << 20;

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly SslStream? _secure;
    readonly MemoryStream? _packed;
    readonly byte[] _answer = new byte[4096];

    /// <param name="isPacked">Whether bodies are compressed.</param>
    public FloorRequests(Uri endpoint, string? authorityPath, bool isPacked)
    {
        _socket.Connect(IPAddress.Loopback, endpoint.Port);
        _packed = isPacked ? new(LongestPacked) : null;
        if (authorityPath is not null)
        {
            _secure = new(new NetworkStream(_socket));
            var trust = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck
            };
            trust.CustomTrustStore.ImportFromPemFile(authorityPath);
            _secure.AuthenticateAsClient(
                new SslClientAuthenticationOptions { TargetHost = endpoint.Host, CertificateChainPolicy = trust });
        }
    }

    public void Send(ReadOnlyMemory<byte> body)
    {
        body = _packed is null ? body : Pack(body);
        var hash = SHA256.HashData(body.Span);
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.1\r\n"
            + $"X-Amz-Target: Logs_20140328.PutLogEvents\r\nX-Amz-Content-Sha256: {Convert.ToHexStringLower(hash)}\r\n"
            + $"{(_packed is null ? "" : "Content-Encoding: gzip\r\n")}Content-Length: {body.Length}\r\n\r\n"));
        SendAll(head);
        SendAll(body.Span);
        ReadAnswer();
    }

    public void Dispose()
    {
        _secure?.Dispose();
        _packed?.Dispose();
        _socket.Dispose();
    }

    ReadOnlyMemory<byte> Pack(ReadOnlyMemory<byte> body)
    {
        _packed!.SetLength(0);
        using (var gzip = new GZipStream(_packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return _packed.GetBuffer().AsMemory(0, (int)_packed.Length);
    }

    void SendAll(ReadOnlySpan<byte> bytes)
    {
        if (_secure is not null)
        {
            _secure.Write(bytes);
            return;
        }

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
            var received = _secure?.Read(_answer.AsSpan(length)) ?? _socket.Receive(_answer.AsSpan(length));
            length = received == 0 ? throw new IOException("The sink hung up") : length + received;
        }
        while (_answer[length - 1] != (byte)'}');

        if (!_answer.AsSpan().StartsWith("HTTP/1.1 200"u8))
        {
            throw new IOException(Encoding.ASCII.GetString(_answer, 0, length));
        }
    }
}
