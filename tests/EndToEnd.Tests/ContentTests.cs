using CloudWatch;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Lines that are hard to carry.</summary>
public sealed class ContentTests : IDisposable
{
    readonly TestFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALineOfTheLongestEventStaysWholeAndOneByteMoreMakesTwo()
    {
        int[] lengths = [Limits.EventBytes - 1, Limits.EventBytes, Limits.EventBytes + 1];
        await File.WriteAllLinesAsync(_folder["secure"], lengths.Select(length => new string('x', length)), Cancel);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);

        var messages = await cloud.MessagesAsync(Configuration.Group, Configuration.Stream, 4, vigil);
        Assert.Equal([.. lengths[..2], Limits.EventBytes, 1], messages.Select(message => message.Length));
    }

    [Fact]
    public async Task ALineThatIsCutBetweenCharactersThatJsonEscapesArrivesAsItWas()
    {
        var line = new string('x', Limits.EventBytes - 2) + "\u0001\\\"\"\u001f\\";
        await File.WriteAllTextAsync(_folder["secure"], line + "\nnext\n", Cancel);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);

        var messages = await cloud.MessagesAsync(Configuration.Group, Configuration.Stream, 3, vigil);
        Assert.Equal([line[..Limits.EventBytes], line[Limits.EventBytes..], "next"], messages);
    }

    [Fact]
    public async Task ALineThatNeverEndsIsShippedInPiecesAndHoldsNoMoreMemoryThanTheBudget()
    {
        const int Mebibytes = 200;
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud);
        await using var vigil = Shipping.Start(_folder, proxy.Endpoint);
        await vigil.SaysAsync("Started");
        await using var log = new FileStream(_folder["secure"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        var piece = Enumerable.Repeat((byte)'x', 1 << 20).ToArray();
        for (var written = 0; written < Mebibytes; written++)
        {
            await log.WriteAsync(piece, Cancel);
        }

        await log.WriteAsync("\nnext\n"u8.ToArray(), Cancel);
        await log.FlushAsync(Cancel);
        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "next", vigil);

        // A piece is 26 bytes shorter than a mebibyte.
        await Wait.UntilAsync(
            () => proxy.Count.Events >= Mebibytes + 2, () => $"{proxy.Count.Events} events were taken");
        Assert.Equal(Mebibytes + 2, proxy.Count.Events);
        Assert.InRange(vigil.PeakMebibytes, 1, 120);
    }

    [Fact]
    public async Task NoEmptyEventIsSentForBlankLines()
    {
        await File.WriteAllTextAsync(_folder["secure"], "one\n\n\r\n\n\ntwo\n\n", Cancel);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);

        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "two", vigil);
        var messages = await cloud.MessagesAsync(Configuration.Group, Configuration.Stream);
        Assert.Equal(["one", "two"], messages);
    }

    [Fact]
    public async Task AFileOfBlankLinesCausesNoRequestAndIsCommittedToItsEnd()
    {
        await File.WriteAllTextAsync(_folder["secure"], "\n\n\r\n\n", Cancel);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud);
        await using var vigil = Shipping.Start(_folder, proxy.Endpoint);
        await vigil.SaysAsync("reading from its beginning");
        await vigil.ReadsNoMoreAsync();
        Assert.Equal(0, await vigil.StopAsync());

        Assert.Equal(0, proxy.Count.Batches);
        Assert.Equal(5, Assert.Single(State.Positions(_folder)).OffsetBytes);
    }

    public void Dispose() => _folder.Dispose();
}
