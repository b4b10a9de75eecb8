using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests.Support;

/// <summary>Three hosts in network namespaces: one inside, a gateway that translates its address, and one outside. Only
/// root can have them.</summary>
sealed class NatLab : IDisposable
{
    public const string Needs =
        "hosts in network namespaces need root, iproute2, nftables, iptables, bash and python3";

    const int Port = 9000;

    // What the outside one does: take whatever comes.
    const string Taker =
        """
        import socket, threading
        listener = socket.socket()
        listener.bind(("10.77.2.2", 9000))
        listener.listen(50)
        print("listening", flush=True)
        def take(connection):
            while connection.recv(65536):
                pass
        while True:
            threading.Thread(target=take, args=(listener.accept()[0],), daemon=True).start()
        """;

    readonly string _prefix = $"vigil{Environment.ProcessId}{Random.Shared.Next(1000)}";
    readonly Process _taker;

    NatLab()
    {
        foreach (var host in (string[])[Inside, Gateway, Outside])
        {
            Do("ip", "netns", "add", host);
            Do("ip", "-n", host, "link", "set", "lo", "up");
        }

        Join(Inside, "10.77.1.2", "in0", "10.77.1.1");
        Join(Outside, "10.77.2.2", "out0", "10.77.2.1");
        Do("ip", "-n", Inside, "route", "add", "default", "via", "10.77.1.1");
        OnGateway("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        OnGateway("nft", "add table ip vigil");
        OnGateway("nft", "add counter ip vigil to_internet");
        OnGateway("nft", "add chain ip vigil post { type nat hook postrouting priority 100 ; }");
        OnGateway("nft", "add rule ip vigil post oifname out0 masquerade");
        OnGateway("nft", "add chain ip vigil passing { type filter hook forward priority 0 ; }");
        OnGateway("nft", "add rule ip vigil passing oifname out0 counter name to_internet");
        OnGateway("iptables", "-A", "FORWARD", "-o", "out0", "-m", "comment", "--comment", "to the internet");
        _taker = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", Outside, "python3", "-c", Taker])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true
        })!;
        if (_taker.StandardOutput.ReadLine() != "listening")
        {
            throw new InvalidOperationException("nobody listens outside");
        }
    }

    /// <summary>What begins a command line that is to run on the gateway.</summary>
    public IReadOnlyList<string> Launcher => ["ip", "netns", "exec", Gateway];

    string Inside => _prefix + "a";

    string Gateway => _prefix + "g";

    string Outside => _prefix + "b";

    /// <summary>Null where it cannot be made.</summary>
    public static NatLab? TryMake() =>
        Environment.IsPrivilegedProcess
        && ((string[])["ip", "nft", "iptables", "python3", "bash"]).All(Tool.IsOnPath)
            ? new()
            : null;

    /// <summary>Sends bytes from the inside to the outside.</summary>
    public void Send(int bytes) => Do(
        "ip", "netns", "exec", Inside, "bash", "-c",
        string.Create(CultureInfo.InvariantCulture, $"head -c {bytes} /dev/zero > /dev/tcp/10.77.2.2/{Port}"));

    /// <summary>Makes the gateway's rules anew, with counters that begin at nought.</summary>
    public void ResetCounters() => OnGateway("nft", "reset counters");

    public void OnGateway(params IEnumerable<string> command) => Do([.. Launcher, .. command]);

    public void Dispose()
    {
        _taker.Kill();
        _taker.WaitForExit();
        _taker.Dispose();
        foreach (var host in (string[])[Inside, Gateway, Outside])
        {
            Do("ip", "netns", "del", host);
        }
    }

    void Join(string host, string address, string gatewayEnd, string gatewayAddress)
    {
        Do("ip", "link", "add", "eth0", "netns", host, "type", "veth", "peer", "name", gatewayEnd, "netns", Gateway);
        Do("ip", "-n", host, "addr", "add", $"{address}/24", "dev", "eth0");
        Do("ip", "-n", host, "link", "set", "eth0", "up");
        Do("ip", "-n", Gateway, "addr", "add", $"{gatewayAddress}/24", "dev", gatewayEnd);
        Do("ip", "-n", Gateway, "link", "set", gatewayEnd, "up");
    }

    // What it complains of is seen with the tests' own output.
    static void Do(params IReadOnlyList<string> command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}");
        }
    }
}
