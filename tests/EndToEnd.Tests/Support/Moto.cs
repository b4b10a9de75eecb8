using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace EndToEnd.Tests.Support;

/// <summary>moto_server: services of AWS that somebody else wrote, on a port of this machine.</summary>
sealed class Moto : IAsyncDisposable
{
    readonly Process _process;

    Moto(Process process, Uri endpoint) => (_process, Endpoint) = (process, endpoint);

    public Uri Endpoint { get; }

    public static void SkipUnlessInstalled() => Assert.SkipUnless(
        Tool.IsOnPath("moto_server") && AwsCli.IsInstalled, "moto_server and the AWS CLI are not on this machine");

    public static async Task<Moto> StartAsync()
    {
        var port = FreePort();
        var moto = new Moto(
            Process.Start(new ProcessStartInfo(
                "/bin/sh", ["-c", $"exec moto_server -H 127.0.0.1 -p {port} >/dev/null 2>&1"]))!,
            new($"http://127.0.0.1:{port}"));
        await Wait.UntilAsync(() => IsListeningAsync(port), () => "moto_server never listened");
        return moto;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static async Task<bool> IsListeningAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
