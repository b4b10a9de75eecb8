using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Hours without the service, in as much time as it takes to write the lines of these hours.</summary>
public sealed class OutageTests(ITestOutputHelper output) : IDisposable
{
    const int LinesPerSecond = 200;
    const int Rotations = 3;

    // The default memory budget, and what the rest of the process takes. Source: the numbers to meet.
    const double MostMebibytes = 32 + 40;

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task HalfAnHourWithThreeRotationsTheFirstFileDeleted() => DeliveredAsync(TimeSpan.FromMinutes(30));

    [Fact(Explicit = true)]
    public Task SixHoursWithThreeRotationsTheFirstFileDeleted() => DeliveredAsync(TimeSpan.FromHours(6));

    [Fact]
    public async Task ADeletedLogSurvivesAKillInTheSpool()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(1);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud);
        await using (var killed = StartWithSpool(proxy.Endpoint))
        {
            await Shipping.EndsInAsync(cloud, 0, killed);
            await proxy.DownAsync();
            log.Append(100_000);
            log.Rename(_folder["secure-1"]);
            log.Append(100);
            await StatusSaysAsync(status => status.Contains("secure-1", StringComparison.Ordinal));
            File.Delete(_folder["secure-1"]);
            output.WriteLine(await StatusSaysAsync(
                status => status.Contains("in the spool until they are delivered: 1", StringComparison.Ordinal)
                    && status.Contains(_folder["state/spool"], StringComparison.Ordinal)));
            await killed.KillAsync();
        }

        proxy.Up();
        await using var vigil = StartWithSpool(proxy.Endpoint);
        await cloud.HasLastAsync(
            Configuration.Group, Configuration.Stream, SecureLog.Line(log.Written - 1), vigil);
        await Wait.UntilAsync(
            () => Directory.GetDirectories(_folder["state/spool"]).Length == 0,
            () => "the spool keeps what is delivered");
        Assert.Equal(0, await vigil.StopAsync());
        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Empty(State.GapRecords(_folder));
    }

    [Fact]
    public async Task AStopThatLosesADeletedLogSaysSo()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var vigil = Shipping.Start(_folder, new Uri("http://127.0.0.1:1"));
        log.Append(100);
        await StatusSaysAsync(status => status.Contains("100", StringComparison.Ordinal)
            || status.Contains("11,800", StringComparison.Ordinal));
        File.Delete(_folder["secure"]);
        await vigil.SaysAsync("a restart now would lose the rest; vigil.spool keeps such files");
        await vigil.StopAsync();

        Assert.Contains("11800 bytes of log files", vigil.Output, StringComparison.Ordinal);
        Assert.Contains("are lost with this stop", vigil.Output, StringComparison.Ordinal);
        await using var next = Shipping.Start(_folder, new Uri("http://127.0.0.1:1"));
        await StatusSaysAsync(
            status => status.Contains("recorded as a gap after 10 minutes", StringComparison.Ordinal));
    }

    VigilProcess StartWithSpool(Uri endpoint) => VigilProcess.Start(
        "run", "--state", _folder["state"], "--config", Configuration.WriteList(
            _folder, endpoint, [Configuration.Entry(_folder["secure"])],
            vigil: """, "spool": { "max_mb": 64 } """));

    async Task DeliveredAsync(TimeSpan outage)
    {
        var lines = (int)outage.TotalSeconds * LinesPerSecond;
        using var log = new SecureLog(_folder["secure"]);
        log.Append(1);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud);
        await using var vigil = Shipping.Start(_folder, proxy.Endpoint);
        await Shipping.EndsInAsync(cloud, 0, vigil);
        await proxy.DownAsync();
        for (var rotation = 1; rotation <= Rotations; rotation++)
        {
            log.Append(lines / (Rotations + 1));
            log.Rename(_folder[$"secure-{rotation}"]);
        }

        log.Append(lines + 1 - log.Written);
        await StatusSaysAsync(status => status.Contains($"secure-{Rotations}", StringComparison.Ordinal));
        File.Delete(_folder["secure-1"]);
        var held = await StatusSaysAsync(
            status => status.Contains("deleted files held open until they are delivered: 1", StringComparison.Ordinal));
        var before = vigil.PeakMebibytes;
        proxy.Up();
        var back = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(
            () => PassedAsync(cloud), () => $"nothing was delivered after the outage:\n{vigil.Output}");
        var first = TimeProvider.System.GetElapsedTime(back);
        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, SecureLog.Line(lines), vigil);

        var peak = vigil.PeakMebibytes;
        output.WriteLine(
            $"{lines} lines of {outage}: first delivered {first.TotalSeconds:F1} s after the end, all after "
            + $"{TimeProvider.System.GetElapsedTime(back).TotalSeconds:F1} s; peak RSS {before:F1} MiB by the end of "
            + $"the outage, {peak:F1} MiB in all\n{held}");
        Assert.Equal(0, await vigil.StopAsync());
        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Empty(State.GapRecords(_folder));
        Assert.InRange(first.TotalSeconds, 0, 10);
        Assert.InRange(peak, 1, MostMebibytes);
    }

    static async Task<bool> PassedAsync(Cloud cloud) =>
        SecureLog.NumberOf(await cloud.LastAsync(Configuration.Group, Configuration.Stream) ?? "") > 0;

    async Task<string> StatusSaysAsync(Func<string, bool> isMeant)
    {
        var status = "";
        await Wait.UntilAsync(
            async () => isMeant(
                status = (await VigilProcess.RunAsync("status", "--all", "--state", _folder["state"])).Output),
            () => $"the status never said so:\n{status}");
        return status;
    }
}
