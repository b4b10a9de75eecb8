using System.Net;
using System.Net.Sockets;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Shipping to moto_server: a CloudWatch Logs that somebody else wrote.</summary>
public sealed class MotoTests : IDisposable
{
    const int Lines = 20_000;

    readonly TestFolder _folder = new();

    [Fact]
    public async Task TwentyThousandLinesArriveExactlyOnce()
    {
        Assert.SkipUnless(
            Tool.IsOnPath("moto_server") && AwsCli.IsInstalled, "moto_server and the AWS CLI are not on this machine");
        using var log = new SecureLog(_folder["secure"]);
        log.Append(Lines);
        var endpoint = new Uri($"http://127.0.0.1:{FreePort()}");
        using var moto = StartMoto(endpoint.Port);
        try
        {
            await Wait.UntilAsync(() => IsListeningAsync(endpoint.Port), () => "moto_server never listened");
            await using var vigil = VigilProcess.Start(
                "run", "--config", Configuration.Write(_folder, endpoint), "--state", _folder["state"]);
            await Wait.UntilAsync(async () => await CountAsync(endpoint) == Lines, () => vigil.Output);
            Assert.Equal(0, await vigil.StopAsync());

            var messages = await AwsCli.RunAsync(
                endpoint, "logs", "filter-log-events", "--log-group-name", Configuration.Group,
                "--query", "events[].message", "--output", "text");
            var ledger = Ledger.Of(messages.TrimEnd('\n').Split('\t', '\n'), Lines);
            Assert.Equal((0, 0, 0), (ledger.Missing.Count, ledger.Repeats, ledger.Strange));
        }
        finally
        {
            moto.Kill(entireProcessTree: true);
        }
    }

    /// <summary>moto gives out the role's credentials, and takes what is signed with them.</summary>
    [Fact]
    public async Task ARoleIsAssumedToShipAs()
    {
        Assert.SkipUnless(
            Tool.IsOnPath("moto_server") && AwsCli.IsInstalled, "moto_server and the AWS CLI are not on this machine");
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        var endpoint = new Uri($"http://127.0.0.1:{FreePort()}");
        using var moto = StartMoto(endpoint.Port);
        try
        {
            await Wait.UntilAsync(() => IsListeningAsync(endpoint.Port), () => "moto_server never listened");
            var config = Configuration.Write(_folder, endpoint);
            var text = await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                config,
                text.Replace(
                    "\"us-east-1\"",
                    "\"us-east-1\", \"credentials\": { \"role_arn\": \"arn:aws:iam::123456789012:role/logs\" }",
                    StringComparison.Ordinal),
                TestContext.Current.CancellationToken);
            await using var vigil = VigilProcess.Start(
                new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_STS"] = $"{endpoint}" },
                "run", "--config", config, "--state", _folder["state"]);
            await Wait.UntilAsync(async () => await CountAsync(endpoint) == 100, () => vigil.Output);
            Assert.Equal(0, await vigil.StopAsync());
        }
        finally
        {
            moto.Kill(entireProcessTree: true);
        }
    }

    public void Dispose() => _folder.Dispose();

    static System.Diagnostics.Process StartMoto(int port) =>
        System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "/bin/sh", ["-c", $"exec moto_server -H 127.0.0.1 -p {port} >/dev/null 2>&1"]))!;

    static async Task<int> CountAsync(Uri endpoint)
    {
        try
        {
            var count = await AwsCli.RunAsync(
                endpoint, "logs", "filter-log-events", "--log-group-name", Configuration.Group,
                "--query", "length(events)", "--output", "text");

            // The CLI counts page by page.
            return count.Split((char[])['\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries).Sum(int.Parse);
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
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
