using System.Diagnostics;
using Agent.Native;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Many rotations at once, and what compresses or deletes the rotated files.</summary>
public sealed class HardRotationTests : IDisposable
{
    readonly TestFolder _folder = new();

    [Fact]
    public async Task ThreeRenamesBeforeAnybodyLooksLoseNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(100);
        await Shipping.EndsInAsync(cloud, 99);
        vigil.Freeze();
        for (var rename = 1; rename <= 3; rename++)
        {
            log.Append(100);
            log.Rename(_folder[$"secure.{rename}"]);
        }

        log.Append(100);
        vigil.Thaw();

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AHundredFilesThatAreRotatedAtOnceLoseNothing()
    {
        const int Files = 100;
        var logs = Enumerable.Range(0, Files).Select(file => new SecureLog(_folder[$"log{file:D2}"])).ToList();
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(
            _folder, cloud.Endpoint,
            logs.Select((_, file) => Configuration.Entry(_folder[$"log{file:D2}"], $"stream{file:D2}")));
        logs.ForEach(log => log.Append(20));
        foreach (var (file, log) in logs.Index())
        {
            await cloud.HasLastAsync(Configuration.Group, $"stream{file:D2}", SecureLog.Line(log.Written - 1), vigil);
        }

        logs.ForEach(log => log.Append(20));
        foreach (var (file, log) in logs.Index())
        {
            log.Rename(_folder[$"log{file:D2}.1"]);
            log.Append(20);
        }

        foreach (var (file, log) in logs.Index())
        {
            var ledger = await Ledger.CompleteAsync(cloud, log.Written, stream: $"stream{file:D2}");
            Assert.Equal((0, 0, 0), (ledger.Repeats, ledger.Strange, ledger.OutOfOrder));
            log.Dispose();
        }
    }

    [Fact]
    public async Task ACompressedFileThatWasShippedBeforeIsNotShippedAgain()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            log.Append(1000);
            await Shipping.EndsInAsync(cloud, 999, first);
            log.Rename(_folder["secure.1"]);
            log.Append(10);
            await Shipping.ArrivedOnceAsync(cloud, log);
            await GzipAsync("secure.1");
            log.Append(10);
            await Shipping.EndsInAsync(cloud, log.Written - 1, first);
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = Shipping.Start(_folder, cloud);
        log.Append(10);
        await Shipping.EndsInAsync(cloud, log.Written - 1, second);
        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task TheRestOfAFileThatWasRotatedAndCompressedWhileTheAgentWasDownIsReadFromIt()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            log.Append(1000);
            await Shipping.EndsInAsync(cloud, 999, first);
            Assert.Equal(0, await first.StopAsync());
        }

        log.Append(1000);
        log.Rename(_folder["secure.1"]);
        await GzipAsync("secure.1");
        log.Append(1000);
        await using var second = Shipping.Start(_folder, cloud);

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Empty(State.Gaps(_folder));
    }

    [Fact]
    public async Task AFileThatWasRotatedAndDeletedWhileTheAgentWasDownIsRecordedAsAGap()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            log.Append(1000);
            await Shipping.EndsInAsync(cloud, 999, first);
            Assert.Equal(0, await first.StopAsync());
        }

        var delivered = log.LengthBytes;
        log.Append(1000);
        log.Rename(_folder["secure.1"]);
        File.Delete(_folder["secure.1"]);
        log.Append(10);
        await using var second = Shipping.Start(_folder, cloud);
        await Shipping.EndsInAsync(cloud, log.Written - 1, second);
        await second.SaysAsync("will never be delivered");
        Assert.Equal(0, await second.StopAsync());

        var ledger = Ledger.Of(await cloud.MessagesAsync(Configuration.Group, Configuration.Stream), log.Written);
        Assert.Equal(Enumerable.Range(1000, 1000), ledger.Missing);
        var gap = Assert.Single(State.Gaps(_folder));
        Assert.Equal((delivered, null), (gap.From, gap.To));
    }

    [Fact]
    public async Task ADeletedFileIsReadToItsEndThoughTheServiceIsSlow()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(1000);
        await Shipping.EndsInAsync(cloud, 999, vigil);
        cloud.Process.Freeze();
        log.Append(400_000);
        await vigil.ReadsNoMoreAsync();
        log.Delete();
        log.Append(1000);
        cloud.Process.Thaw();

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Equal(0, await vigil.StopAsync());
        Assert.Empty(State.Gaps(_folder));
    }

    [Fact]
    public async Task ANewFileWithTheInodeOfADeletedOneIsReadFromItsBeginning()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            log.Append(1000);
            await Shipping.EndsInAsync(cloud, 999, first);
            Assert.Equal(0, await first.StopAsync());
        }

        Assert.True(FileFacts.TryOf(_folder["secure"], out var old, out _));
        log.Delete();
        Assert.True(FileFacts.TryOf(_folder["secure"], out var young, out _));
        Assert.SkipUnless(old.Inode == young.Inode, "this file system does not give an inode out again at once");
        log.Append(2000);
        await using var second = Shipping.Start(_folder, cloud);

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    public void Dispose() => _folder.Dispose();

    async Task GzipAsync(string name)
    {
        using var gzip = Process.Start("gzip", [_folder[name]]);
        await gzip.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, gzip.ExitCode);
    }
}
