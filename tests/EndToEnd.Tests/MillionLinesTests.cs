using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>A million lines, through the real binary to a real service, in calm and in storm.</summary>
public sealed class MillionLinesTests(ITestOutputHelper output) : IDisposable
{
    const int Lines = 1_000_000;

    readonly TestFolder _folder = new();

    [Fact]
    public async Task AMillionLinesArriveExactlyOnceAndInOrder()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(Lines);
        await using var cloud = await Cloud.StartAsync(_folder);
        var began = TimeProvider.System.GetTimestamp();
        await using var vigil = Shipping.Start(_folder, cloud);

        await Shipping.EndsInAsync(cloud, Lines - 1, vigil);
        Report(vigil, log, TimeProvider.System.GetElapsedTime(began));

        Assert.Equal(0, await vigil.StopAsync());
        await ArrivedAsync(cloud, mostRepeats: 0);
        await TheAwsCliFindsAsync(cloud, 123_456);
    }

    [Fact]
    public async Task FiveKillsInAMillionLinesLoseNothingAndRepeatOnlyWhatWasNotCommitted()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(Lines / 2);
        await using var cloud = await Cloud.StartAsync(_folder);
        for (var kill = 1; kill <= 5; kill++)
        {
            await using var killed = Shipping.Start(_folder, cloud);
            await Wait.UntilAsync(
                () => PassedAsync(cloud, Lines * kill / 12),
                () => $"never came to line {Lines * kill / 12}:\n{killed.Output}");
            await killed.KillAsync();
            log.Append(Lines / 10);
        }

        await using var vigil = Shipping.Start(_folder, cloud);
        await Shipping.EndsInAsync(cloud, Lines - 1, vigil);

        // Each kill repeats at most what was on its way (24 batches of 1 MiB) and what was accepted and not committed
        // (16 MiB, or 200 ms).
        await ArrivedAsync(cloud, mostRepeats: 5 * (24 + 16) * (1 << 20) / (SecureLog.Line(0).Length + 1));
    }

    [Fact]
    public async Task ARenameAndACopytruncateInAMillionLinesLoseOnlyWhatTheTruncationDestroyed()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        await vigil.SaysAsync("Started");
        log.Append(Lines / 3);
        log.Rename(_folder["secure-20261122"]);
        log.Append(Lines / 3);
        File.Copy(_folder["secure"], _folder["secure.1"]);
        var copied = (Bytes: log.LengthBytes, Lines: log.Written);
        log.Append(1000);
        var truncated = (Bytes: log.LengthBytes, Lines: log.Written);
        log.Truncate();
        log.Append(Lines - log.Written);

        await Shipping.EndsInAsync(cloud, Lines - 1, vigil);
        await vigil.SaysAsync("will never be delivered");
        Assert.Equal(0, await vigil.StopAsync());
        var ledger = Ledger.Of(await cloud.MessagesAsync(Configuration.Group, Configuration.Stream), Lines);
        var gap = Assert.Single(State.Gaps(_folder));
        output.WriteLine(
            $"destroyed: {copied} to {truncated}; lost {ledger.Missing.Count} lines, gap {gap.From} to {gap.To}");

        // What was destroyed and not read before is missing, and nothing else; the record says where it begins.
        var firstLost = copied.Lines + (int)((gap.From - copied.Bytes) / (SecureLog.Line(0).Length + 1));
        Assert.Equal(Enumerable.Range(firstLost, truncated.Lines - firstLost), ledger.Missing);
        Assert.InRange(gap.From, copied.Bytes, truncated.Bytes);
        Assert.InRange(gap.To ?? gap.From, gap.From, truncated.Bytes);
        Assert.Equal((0, true), (ledger.Repeats, ledger.IsInOrder));
    }

    [Fact]
    public async Task TheServicesOwnKillsLoseNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(Lines / 4);
        var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        for (var kill = 1; kill <= 2; kill++)
        {
            await Wait.UntilAsync(() => PassedAsync(cloud, Lines * kill / 12), () => vigil.Output);
            await cloud.Process.KillAsync();
            var port = cloud.Endpoint.Port;
            await cloud.DisposeAsync();
            cloud = await Cloud.StartAsync(_folder, port);
        }

        await Shipping.EndsInAsync(cloud, (Lines / 4) - 1, vigil);

        // Only requests whose answer was lost are sent again.
        await ArrivedAsync(cloud, mostRepeats: 2 * 24 * 10_000, Lines / 4);
        await cloud.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    static async Task<bool> PassedAsync(Cloud cloud, int number) =>
        SecureLog.NumberOf(await cloud.LastAsync(Configuration.Group, Configuration.Stream) ?? "") >= number;

    async Task ArrivedAsync(Cloud cloud, int mostRepeats, int lines = Lines)
    {
        var ledger = await Ledger.CompleteAsync(cloud, lines);
        output.WriteLine($"lost {ledger.Missing.Count}, repeated {ledger.Repeats}, of {lines}");
        Assert.Equal(0, ledger.Strange);
        Assert.True(ledger.IsInOrder, "lines are out of order");
        Assert.InRange(ledger.Repeats, 0, mostRepeats);
    }

    async Task TheAwsCliFindsAsync(Cloud cloud, int number)
    {
        if (!AwsCli.IsInstalled)
        {
            output.WriteLine("no AWS CLI here: the sample was not read with it");
            return;
        }

        var found = await AwsCli.RunAsync(
            cloud.Endpoint, "logs", "filter-log-events", "--log-group-name", Configuration.Group,
            "--filter-pattern", $"u{number:D9}", "--query", "events[].message", "--output", "text");
        Assert.Equal(SecureLog.Line(number), found.Trim());
    }

    void Report(VigilProcess vigil, SecureLog log, TimeSpan wall)
    {
        var gibibytes = log.LengthBytes / (double)(1 << 30);
        output.WriteLine(
            $"{log.LengthBytes / 1e6:F0} MB in {wall.TotalSeconds:F2} s = "
            + $"{log.LengthBytes / 1e6 / wall.TotalSeconds:F0} MB/s, "
            + $"{vigil.CpuTime.TotalSeconds / gibibytes:F2} CPU s/GiB, peak RSS {vigil.PeakMebibytes:F0} MiB");
    }
}
