using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Agent.Status;

/// <summary>Answers GET /metrics and /healthz on a port of this machine alone: the first as Prometheus reads it, the
/// second with 200 while nothing is in the way and with 503 and what is otherwise.</summary>
sealed partial class HealthServer : IAsyncDisposable
{
    const int MostConnections = 32;

    readonly KestrelServer _server;

    HealthServer(KestrelServer server) => _server = server;

    /// <returns>Null where the port is not to be had, which is said: the agent ships all the same.</returns>
    public static async Task<HealthServer?> TryStartAsync(
        int port, Func<CancellationToken, Task<StatusReport>> report, ILogger log)
    {
        var server = NewServer(port);
        try
        {
            await server.StartAsync(new Application(report), CancellationToken.None);
            return new(server);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            server.Dispose();
            LogUnavailable(log, port, e.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true)); // who asks now is answered by nobody
        _server.Dispose();
    }

    static KestrelServer NewServer(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        var sockets = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        return new(Options.Create(options), sockets, NullLoggerFactory.Instance);
    }

    sealed class Application(Func<CancellationToken, Task<StatusReport>> report) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public async Task ProcessRequestAsync(HttpContext context)
        {
            var answer = context.Response;
            switch (context.Request.Path.Value)
            {
                case "/metrics":
                    answer.ContentType = MetricsText.ContentType;
                    await answer.WriteAsync(MetricsText.Of(await report(context.RequestAborted)));
                    break;
                case "/healthz":
                    await SayHealthAsync(answer, await report(context.RequestAborted));
                    break;
                default:
                    answer.StatusCode = StatusCodes.Status404NotFound;
                    await answer.WriteAsync("there are /metrics and /healthz\n");
                    break;
            }
        }

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // A context holds nothing of its own here: features belong to the connection.
        }

        static Task SayHealthAsync(HttpResponse answer, StatusReport report)
        {
            // A configuration that is not in force keeps no line from being delivered, and a restart mends nothing.
            var problems = report.Problems.Where(problem => problem.Cause != "configuration").ToList();
            answer.ContentType = "text/plain; charset=utf-8";
            answer.StatusCode = problems.Count == 0
                ? StatusCodes.Status200OK
                : StatusCodes.Status503ServiceUnavailable;
            return answer.WriteAsync(problems.Count == 0
                ? "ok\n"
                : string.Concat(problems.Select(problem => $"{problem.Cause}: {problem.Where}: {problem.What}\n")));
        }
    }

    [LoggerMessage(703, LogLevel.Warning,
        "Port {Port} of 127.0.0.1 cannot be listened on: {Fault}. /metrics and /healthz are not served; set another "
        + "vigil.metrics_port")]
    static partial void LogUnavailable(ILogger log, int port, string fault);
}
