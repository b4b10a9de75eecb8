using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LocalCloud.Http;

/// <summary>Kestrel on a loopback port, without a host around it: no console, no Ctrl-C, no settings files or
/// environment that could move it to another address. The caller owns the process.</summary>
sealed class Listener : IAsyncDisposable
{
    readonly KestrelServer _server;

    Listener(KestrelServer server, Uri endpoint) => (_server, Endpoint) = (server, endpoint);

    public Uri Endpoint { get; }

    /// <exception cref="LocalCloudException">The port is in use or not to be had.</exception>
    public static async Task<Listener> StartAsync(int port, RequestDelegate front, CancellationToken cancel)
    {
        var server = NewServer(port);
        try
        {
            await server.StartAsync(new Application(front), cancel);
        }
        catch (Exception failed)
        {
            server.Dispose();
            if (failed is IOException or System.Net.Sockets.SocketException)
            {
                throw new LocalCloudException(
                    $"Port {port} of 127.0.0.1 cannot be listened on: {failed.Message} "
                    + "Stop the program that uses it, or choose another port.", failed);
            }

            throw;
        }

        return new(server, new(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()));
    }

    /// <summary>Takes no more requests and waits for those that run, as long as the caller allows.</summary>
    public Task StopAsync(CancellationToken cancel) => _server.StopAsync(cancel);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    static KestrelServer NewServer(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };

        // RequestBody bounds what it reads and says so in the service's form.
        options.Limits.MaxRequestBodySize = null;
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        var sockets = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        return new(Options.Create(options), sockets, NullLoggerFactory.Instance);
    }

    sealed class Application(RequestDelegate front) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => front(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // A context holds nothing of its own here: features belong to the connection.
        }
    }
}
