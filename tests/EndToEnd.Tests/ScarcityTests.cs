using System.Runtime.Versioning;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>A machine that has run out of something.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ScarcityTests : IDisposable
{
    const int LinesOfAnOutage = 700_000; // more than the cap holds
    const int CapMebibytes = 64;

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AFullStateDiskStopsNoLineAndNoneIsRepeatedOnceThereIsRoomAgain()
    {
        using var disk = SmallDisk.TryMount(_folder["state"], 8);
        Assert.SkipWhen(disk is null, "no file system can be mounted here");
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var vigil = Shipping.Start(_folder, cloud))
        {
            await Shipping.EndsInAsync(cloud, 99, vigil);

            // What was set aside is used up, too.
            await Wait.UntilAsync(
                () =>
                {
                    disk.Fill();
                    log.Append(1);
                    return vigil.Output.Contains("The positions cannot be written", StringComparison.Ordinal);
                },
                () => $"a full disk was never noticed:\n{vigil.Output}");
            log.Append(100);
            await Shipping.EndsInAsync(cloud, log.Written - 1, vigil);
            var (exitCode, status) = await VigilProcess.RunAsync("status", "--state", _folder["state"]);
            Assert.Equal(4, exitCode);
            Assert.Contains("the positions cannot be written", status, StringComparison.Ordinal);

            disk.Free();
            await vigil.SaysAsync("The positions are written again");
            await vigil.KillAsync();
        }

        log.Append(1);
        await using var second = Shipping.Start(_folder, cloud);
        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task ALongOutageFitsIntoLittleMemory()
    {
        using var cap = MemoryCap.TryMake(CapMebibytes);
        Assert.SkipWhen(cap is null, "no control group can be made here");
        using var log = new SecureLog(_folder["secure"]);
        log.Append(1);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud, seed: 1);
        await using var vigil = VigilProcess.StartBy(
            cap.Launcher, "run", "--config", Configuration.Write(_folder, proxy.Endpoint), "--state", _folder["state"]);
        await Shipping.EndsInAsync(cloud, 0, vigil);
        await proxy.DownAsync();
        log.Append(LinesOfAnOutage);
        log.Rename(_folder["secure.1"]);
        log.Append(100);
        await vigil.SaysAsync("Cannot deliver");
        await vigil.SaysAsync("rotated");
        proxy.Up();

        await Shipping.EndsInAsync(cloud, log.Written - 1, vigil);
        await Shipping.ArrivedOnceAsync(cloud, log);
    }
}
