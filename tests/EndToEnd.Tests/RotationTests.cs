using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>What logrotate and its like do to a log while it is shipped.</summary>
public sealed class RotationTests : IDisposable
{
    readonly TestFolder _folder = new();

    [Fact]
    public async Task RenameRotationsUnderLoadLoseAndRepeatNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        await vigil.SaysAsync("Started");
        for (var rotation = 1; rotation <= 5; rotation++)
        {
            log.Append(40_000);
            log.Rename(_folder[$"secure-2026112{rotation}"]);
            log.Append(1);
        }

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task ARenamedFileThatIsStillWrittenToIsReadOn()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(100);
        await Shipping.EndsInAsync(cloud, 99);

        // The daemon has not been told to reopen yet.
        File.Move(_folder["secure"], _folder["secure.1"]);
        await File.WriteAllTextAsync(_folder["secure"], "", TestContext.Current.CancellationToken);
        await vigil.SaysAsync("rotated; the old file is now " + _folder["secure.1"]);
        log.Append(100);

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AFileThatWasRotatedTwiceWhileTheAgentWasDownIsReadToItsEndOldestFirst()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            log.Append(1000);
            await Shipping.EndsInAsync(cloud, 999);
            log.Rename(_folder["secure-a"]);
            log.Append(1000);
            await Shipping.EndsInAsync(cloud, 1999);
            Assert.Equal(0, await first.StopAsync());
        }

        log.Append(1000);
        log.Rename(_folder["secure-b"]);
        log.Append(1000);
        await using var second = Shipping.Start(_folder, cloud);

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Empty(State.Gaps(_folder));
    }

    [Fact]
    public async Task ACopiedAndTruncatedFileLosesNothingThatTheCopyHolds()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(1000);
        await Shipping.EndsInAsync(cloud, 999);

        // Frozen, so that it has read nothing of what the copy holds.
        vigil.Freeze();
        log.Append(1000);
        File.Copy(_folder["secure"], _folder["secure.1"]);
        log.Truncate();
        log.Append(1000);
        vigil.Thaw();

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task WhatATruncationDestroysIsExactlyWhatTheGapRecordNames()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(1000);
        await Shipping.EndsInAsync(cloud, 999);

        // The service is frozen until the agent has as much on its way as it may: it sees the file grow, and
        // cannot read it.
        cloud.Process.Freeze();
        log.Append(200_000);
        await vigil.ReadsNoMoreAsync();
        File.Copy(_folder["secure"], _folder["secure.1"]);
        var (copied, copiedLines) = (log.LengthBytes, log.Written);
        log.Append(500);
        await vigil.ReadsNoMoreAsync();
        var (destroyed, destroyedLines) = (log.LengthBytes, log.Written);
        log.Truncate();
        log.Append(1000);
        cloud.Process.Thaw();

        await Shipping.EndsInAsync(cloud, log.Written - 1);
        var ledger = Ledger.Of(await cloud.MessagesAsync(Configuration.Group, Configuration.Stream), log.Written);
        Assert.Equal(Enumerable.Range(copiedLines, destroyedLines - copiedLines), ledger.Missing);
        Assert.True(ledger.IsInOrder);
        await vigil.SaysAsync("will never be delivered");
        Assert.Equal(0, await vigil.StopAsync());
        var gap = Assert.Single(State.Gaps(_folder));
        Assert.Equal((copied, destroyed), (gap.From, gap.To));
    }

    [Fact]
    public async Task AFileThatWasReplacedWhileTheAgentWasDownIsRecordedAsAGap()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            log.Append(1000);
            await Shipping.EndsInAsync(cloud, 999);
            Assert.Equal(0, await first.StopAsync());
        }

        var delivered = log.LengthBytes;
        File.Delete(_folder["secure"]);
        await File.WriteAllTextAsync(_folder["secure"], "another\n", TestContext.Current.CancellationToken);
        await using var second = Shipping.Start(_folder, cloud);
        await second.SaysAsync("will never be delivered");
        Assert.Equal(0, await second.StopAsync());

        var gap = Assert.Single(State.Gaps(_folder));
        Assert.Equal((delivered, null), (gap.From, gap.To));
    }

    [Fact]
    public async Task AFileThatIsMountedLateIsReadOnWhereItStood()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            log.Append(100);
            await Shipping.EndsInAsync(cloud, 99);
            Assert.Equal(0, await first.StopAsync());
        }

        // Where nothing lies beside its path, as if its volume were not there.
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.Move(_folder["secure"], _folder["elsewhere/secure"]);
        await using var second = Shipping.Start(_folder, cloud);
        await second.SaysAsync("Started");
        log.Append(100);
        File.Move(_folder["elsewhere/secure"], _folder["secure"]);

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Empty(State.Gaps(_folder));
    }

    public void Dispose() => _folder.Dispose();
}
