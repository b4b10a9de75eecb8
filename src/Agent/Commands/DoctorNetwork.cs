using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Agent.Aws;

namespace Agent.Commands;

/// <summary>The way to the service, step by step: its name, its port, its certificate. Where a proxy stands between, it
/// is the proxy's name and port; what is behind it the first request shows.</summary>
static class DoctorNetwork
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async IAsyncEnumerable<Diagnosis> LookAsync(
        ServiceEndpoint endpoint,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new("endpoint", $"{endpoint.Address}, signed for {endpoint.Region}");
        var proxy = HttpClient.DefaultProxy.GetProxy(endpoint.Address);
        if (proxy is not null)
        {
            yield return new("proxy", $"{proxy.Scheme}://{proxy.Authority}");
        }

        var next = proxy ?? endpoint.Address;
        var (addresses, named) = await NameAsync(next, isProxy: proxy is not null, cancel);
        yield return named;
        if (addresses.Length == 0)
        {
            yield break;
        }

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var connected = await ConnectAsync(socket, next, addresses, proxy is not null, cancel);
        yield return connected;
        if (connected.IsGood && next.Scheme == Uri.UriSchemeHttps)
        {
            yield return await SecureAsync(socket, next, cancel);
        }
    }

    static async Task<(IPAddress[] Addresses, Diagnosis Said)> NameAsync(
        Uri next, bool isProxy, CancellationToken cancel)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(next.IdnHost, cancel).WaitAsync(Patience, cancel);
            var shown = string.Join(", ", addresses.Take(4).Select(address => $"{address}"));
            return (addresses, new("dns", $"{next.IdnHost} is {shown}"));
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return ([], new(
                "dns", $"{next.IdnHost} is not found: {e.Message}",
                isProxy ? "look at HTTPS_PROXY (or common-config.toml), and at /etc/resolv.conf"
                    : "look at the region and at endpoint_override, and at /etc/resolv.conf; in a VPC without internet "
                        + "a VPC endpoint for logs with private DNS is needed"));
        }
    }

    static async Task<Diagnosis> ConnectAsync(
        Socket socket, Uri next, IPAddress[] addresses, bool isProxy, CancellationToken cancel)
    {
        try
        {
            await socket.ConnectAsync(addresses, next.Port, cancel).AsTask().WaitAsync(Patience, cancel);
            return new("tcp", $"{next.Host} port {next.Port} is open");
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            var isRefused = e is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return new(
                "tcp", $"{next.Host} port {next.Port} cannot be reached: "
                + (e is TimeoutException ? $"no answer in {Patience.TotalSeconds} s" : e.Message),
                isProxy ? "look at HTTPS_PROXY (or common-config.toml), and whether the proxy runs"
                    : isRefused ? "nobody listens there: look at endpoint_override ('vigil local' starts one here)"
                    : "let the host out to it: security group, network ACL, route to an internet or NAT gateway, or a "
                        + "VPC endpoint for logs");
        }
    }

    static async Task<Diagnosis> SecureAsync(Socket socket, Uri next, CancellationToken cancel)
    {
        var policy = HttpConnections.AuthoritiesOfOnesOwn();
        var shown = ""; // the certificate itself is gone once it was found bad
        await using var tls = new SslStream(new NetworkStream(socket));
        try
        {
            await tls.AuthenticateAsClientAsync(
                new()
                {
                    TargetHost = next.IdnHost,
                    CertificateChainPolicy = policy,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    {
                        shown = $"{certificate?.Subject}, issued by {certificate?.Issuer}";
                        return errors == SslPolicyErrors.None;
                    }
                }, cancel)
                .WaitAsync(Patience, cancel);
            return new("tls", $"{tls.SslProtocol}, certificate of {shown}");
        }
        catch (Exception e) when (e is AuthenticationException or IOException or TimeoutException)
        {
            return new(
                "tls", $"{next.IdnHost} cannot be trusted: {(e.InnerException ?? e).Message}"
                + (shown.Length == 0 ? "" : $" (shown: {shown})"),
                shown.Length == 0 && e is not TimeoutException
                    ? $"what listens there speaks no TLS, it seems: is http://{next.Authority} meant?"
                    : RemedyFor(hasOwnAuthorities: policy is not null));
        }
    }

    static string RemedyFor(bool hasOwnAuthorities) => hasOwnAuthorities
        ? "the authorities that AWS_CA_BUNDLE names do not vouch for it: add the right one, or take the setting away"
        : "if a proxy of your company opens TLS, put its certificate authority into the file that AWS_CA_BUNDLE (or "
            + "common-config.toml) names; else look at the clock and at endpoint_override";
}
