using System.Globalization;
using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>A host that translates addresses for others: real packets, real counters of the kernel.</summary>
public sealed partial class NatGatewayTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Each way of counting at once, by an agent of its own; the counters of nftables begin anew meanwhile.
    /// </summary>
    [Fact]
    public async Task BytesThatLeaveThroughTheGatewayRaiseAnAlarmHoweverTheyAreCounted()
    {
        using var lab = NatLab.TryMake();
        Assert.SkipWhen(lab is null, NatLab.Needs);
        lab!.Send(5_000_000); // before anybody counts
        await using var nft = Start(lab, "nft", "ip vigil to_internet");
        await using var iptables = Start(lab, "iptables", "to the internet");
        await using var net = Start(lab, "interface", "out0");
        (VigilProcess, string)[] all = [(nft, "nft"), (iptables, "iptables"), (net, "interface")];
        foreach (var (vigil, counters) in all)
        {
            await Wait.UntilAsync(
                () => State.Rows(StateOf(counters)).Any(row => row.Key == "counter/BytesOutToDestination"),
                () => $"nothing was counted; the agent:\n{vigil.Output}");
        }

        lab.ResetCounters();
        lab.Send(3_000_000);

        foreach (var (vigil, counters) in all)
        {
            await Wait.UntilAsync(
                () => Crossed().IsMatch(vigil.Output), () => $"no alarm was raised; the agent:\n{vigil.Output}");
            var bytes = double.Parse(Crossed().Match(vigil.Output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            Assert.InRange(bytes, 3_000_000, 3_300_000);
            var (_, status) = await VigilProcess.RunAsync("status", "--state", StateOf(counters));
            Assert.Matches(@"measured: BytesOutToDestination is 3[.0-9E+]+ Bytes in the minute of ", status);
            Assert.Equal(0, await vigil.StopAsync());
        }
    }

    [Fact]
    public async Task ACounterThatIsNotThereIsSaidWithThoseThatAre()
    {
        using var lab = NatLab.TryMake();
        Assert.SkipWhen(lab is null, NatLab.Needs);
        await using var vigil = Start(lab!, "nft", "ip vigil nothing");
        await vigil.SaysAsync("Watching");

        var status = "";
        await Wait.UntilAsync(
            async () => (status = (await VigilProcess.RunAsync("status", "--state", StateOf("nft"))).Output)
                .Contains("nft has no counter", StringComparison.Ordinal),
            () => $"{status}\n{vigil.Output}");
        Assert.Contains(
            "vigil.nat_gateway: nft has no counter \"ip vigil nothing\": it has \"ip vigil to_internet\"", status,
            StringComparison.Ordinal);
        Assert.Equal(0, await vigil.StopAsync());
    }

    // Nobody listens at the endpoint.
    VigilProcess Start(NatLab lab, string counters, string name)
    {
        var config = Configuration.WriteList(
            _folder, new($"http://127.0.0.1:{Loopback.FreePort()}"), [Configuration.Entry(_folder["secure"])],
            vigil: $$"""
                , "nat_gateway": { "id": "nat-1", "counters": "{{counters}}", "publish": false,
                  "bytes_out_to_destination": "{{name}}" },
                "notifications": [ { "name": "log", "type": "journal" } ],
                "detections": [ { "name": "outgoing", "metric_name": "BytesOutToDestination", "notify": ["log"],
                  "alarm": { "threshold": 2000000, "period": 60 } } ]
                """);
        var own = $"{config}-{counters}";
        File.Move(config, own);
        return VigilProcess.StartBy(lab.Launcher, "run", "--config", own, "--state", StateOf(counters));
    }

    string StateOf(string counters) => _folder[$"state-{counters}"];

    [GeneratedRegex(@"ALARM outgoing \(BytesOutToDestination\): Threshold Crossed: 1 datapoint \[([0-9.E]+) ")]
    private static partial Regex Crossed();
}
