using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Agent.Bench;

/// <summary>A CloudWatch Logs that keeps nothing: it takes every batch as fast as it can be read, and counts. GET
/// /counts tells what was taken so far, GET /await?events=N once so many were.</summary>
sealed class Sink(SinkOptions options) : IDisposable
{
    readonly SinkCounts _counts = new();
    readonly Socket _plain = Listen();
    readonly Socket? _secure = options.AuthorityPath is null ? null : Listen();
    readonly X509Certificate2? _certificate = options.AuthorityPath is { } path ? OwnCertificate.Make(path) : null;

    /// <summary>The port on loopback that takes plain HTTP, and the one that takes TLS, if one does.</summary>
    public (int Plain, int? Secure) Ports => (PortOf(_plain), _secure is null ? null : PortOf(_secure));

    /// <summary>Serves until cancelled.</summary>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(
        AcceptAsync(_plain, certificate: null, cancel),
        _secure is null ? Task.CompletedTask : AcceptAsync(_secure, _certificate, cancel));

    public void Dispose()
    {
        _plain.Dispose();
        _secure?.Dispose();
        _certificate?.Dispose();
    }

    async Task AcceptAsync(Socket listener, X509Certificate2? certificate, CancellationToken cancel)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync(cancel);
            socket.NoDelay = true;
            _ = Task.Run(() => ServeAsync(socket, certificate, cancel), cancel);
        }
    }

    async Task ServeAsync(Socket socket, X509Certificate2? certificate, CancellationToken cancel)
    {
        try
        {
            await using var plain = new NetworkStream(socket, ownsSocket: true);
            if (certificate is null)
            {
                await new SinkConnection(plain, _counts, options).ServeAsync(cancel);
                return;
            }

            await using var secure = new SslStream(plain);
            await secure.AuthenticateAsServerAsync(new() { ServerCertificate = certificate }, cancel);
            await new SinkConnection(secure, _counts, options).ServeAsync(cancel);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or AuthenticationException
            or OperationCanceledException or FormatException or OverflowException or ArgumentException)
        {
            return; // the other side is gone, or speaks something else: it will find out
        }
    }

    static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        return listener;
    }

    static int PortOf(Socket listener) => ((IPEndPoint)listener.LocalEndPoint!).Port;
}
