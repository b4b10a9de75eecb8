using System.Net;
using CloudWatch.Wire;
using LocalCloud.Api;
using Microsoft.AspNetCore.Http;

namespace LocalCloud.Http;

/// <summary>Keeps web pages out. The server takes unsigned requests because only this machine's own programs reach
/// 127.0.0.1; a browser is such a program too, and runs what strangers wrote. A page's POST carries an Origin, and
/// one that has rebound its own DNS name to 127.0.0.1 carries that name as Host. Neither is let in.</summary>
static class Door
{
    /// <exception cref="RefusedException">The request comes from a web page of elsewhere.</exception>
    public static void Check(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
        {
            throw Denied("This server answers only to localhost and loopback addresses; "
                + $"the request's Host is '{request.Host.Host}'.");
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !origin.Equals($"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
            throw Denied($"Web pages of '{origin}' may not call this server.");
    }

    // Clients put action prefixes before the host they were given (streaming-logs.localhost).
    static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    static RefusedException Denied(string message) => new(ErrorTypes.AccessDenied, message, HttpStatusCode.Forbidden);
}
