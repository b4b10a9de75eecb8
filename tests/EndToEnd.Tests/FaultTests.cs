using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>A network and a service that fail.</summary>
public sealed class FaultTests : IDisposable
{
    const int Lines = 50_000;

    readonly TestFolder _folder = new();

    [Fact]
    public async Task RequestsThatFailBeforeTheServiceTookThemLoseAndRepeatNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(Lines);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud);
        proxy.Faults = new(Refused: 0.2, Reset: 0.2, Delayed: 0.3);
        await using var vigil = Shipping.Start(_folder, proxy.Endpoint);

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task LostAnswersLoseNothingAndRepeatOnlyTheirOwnBatches()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(Lines);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud);
        proxy.Faults = new(AnswerLost: 0.3);
        await using var vigil = Shipping.Start(_folder, proxy.Endpoint);
        await Ledger.CompleteAsync(cloud, log.Written);
        Assert.Equal(0, await vigil.StopAsync());

        var ledger = Ledger.Of(await cloud.MessagesAsync(Configuration.Group, Configuration.Stream), log.Written);
        Assert.Equal((0, true), (ledger.Strange, ledger.IsInOrder));
        Assert.Equal(proxy.Count.LostEvents, ledger.Repeats);
    }

    [Fact]
    public async Task AnOutageLosesAndRepeatsNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud);
        await using var vigil = Shipping.Start(_folder, proxy.Endpoint);
        log.Append(1000);
        await Shipping.EndsInAsync(cloud, 999, vigil);
        await Wait.UntilAsync(
            () => State.Positions(_folder).Exists(row => row.OffsetBytes == log.LengthBytes),
            () => $"the first lines were never committed:\n{vigil.Output}");
        await proxy.DownAsync(); // an answer that it cut off would be a reason to repeat
        log.Append(Lines);
        await vigil.SaysAsync("Cannot deliver to");
        proxy.Up();

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AKillBetweenAcceptanceAndCommitRepeatsThatBatchAndLosesNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud);
        var accepted = new TaskCompletionSource();
        var dead = new TaskCompletionSource();
        proxy.Forwarded = () =>
        {
            accepted.TrySetResult();
            return dead.Task; // no answer goes back before
        };
        log.Append(100);
        await using (var killed = Shipping.Start(_folder, proxy.Endpoint))
        {
            await accepted.Task.WaitAsync(TestContext.Current.CancellationToken);
            await killed.KillAsync();
            dead.SetResult();
        }

        var once = proxy.Count.Events;
        log.Append(100);
        await using var second = Shipping.Start(_folder, proxy.Endpoint);
        await Shipping.EndsInAsync(cloud, log.Written - 1, second);
        var ledger = await Ledger.CompleteAsync(cloud, log.Written);
        Assert.Equal((once, 0, true), (ledger.Repeats, ledger.Strange, ledger.IsInOrder));
    }

    [Fact]
    public async Task PositionsThatAreCutToNothingStartOver()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            await Shipping.EndsInAsync(cloud, 99, first);
            Assert.Equal(0, await first.StopAsync());
        }

        await File.WriteAllBytesAsync(_folder["state/positions.db"], [], TestContext.Current.CancellationToken);
        log.Append(100);
        await using var second = Shipping.Start(_folder, cloud);
        await Shipping.EndsInAsync(cloud, log.Written - 1, second);
        var ledger = await Ledger.CompleteAsync(cloud, log.Written);
        Assert.Equal((100, 0), (ledger.Repeats, ledger.Strange));
    }

    [Fact]
    public async Task QuietFilesDoNotWaitForABusyOne()
    {
        const int BusyLines = 1_000_000;
        using var busy = new SecureLog(_folder["busy"]);
        busy.Append(BusyLines);
        var quiet = Enumerable.Range(0, 9).Select(file => _folder[$"quiet{file}"]).ToList();
        quiet.ForEach(path => File.WriteAllText(path, "quiet\n"));
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(
            _folder, cloud.Endpoint,
            [
                Configuration.Entry(_folder["busy"]),
                .. quiet.Select(path => Configuration.Entry(path, Path.GetFileName(path)))
            ]);
        foreach (var path in quiet)
        {
            await cloud.HasLastAsync(Configuration.Group, Path.GetFileName(path), "quiet", vigil);
        }

        var last = await cloud.LastAsync(Configuration.Group, Configuration.Stream);
        Assert.InRange(SecureLog.NumberOf(last ?? ""), -1, BusyLines - 2);
    }

    public void Dispose() => _folder.Dispose();
}
