using System.Net;
using System.Net.Sockets;

namespace EndToEnd.Tests.Support;

/// <summary>Listens on loopback, and does with each connection what it is told until it is disposed.</summary>
sealed class Loopback : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Func<TcpClient, Task> _serve;

    /// <param name="serve">May throw what networks throw; the connection is closed after it.</param>
    public Loopback(Func<TcpClient, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>A port that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var open = client;
        try
        {
            await _serve(client);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return; // one of the two went away
        }
    }
}
