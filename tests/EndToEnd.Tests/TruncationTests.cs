using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Files that are cut to nothing under their reader.</summary>
public sealed class TruncationTests : IDisposable
{
    readonly TestFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ATruncatedFileThatStaysShorterIsReadFromItsBeginning()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(1000);
        await Shipping.EndsInAsync(cloud, 999);
        log.Truncate();
        log.Append(10);

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task ATruncatedFileThatGrewPastTheOldEndBeforeAnybodyLookedIsReadFromItsBeginning()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(1000);
        await Shipping.EndsInAsync(cloud, 999);
        vigil.Freeze();
        log.Truncate();
        log.Append(2000);
        vigil.Thaw();

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task ATruncatedFileThatBeginsWithTheSameBannerAgainIsReadFromItsBeginning()
    {
        var banner = Enumerable.Range(0, 20).Select(i => $"# {i:D2} {new string('=', 100)}").ToList();
        var first = banner.Append("of the first file").ToList();
        var second = banner.Concat(Enumerable.Range(0, 100).Select(i => $"of the second file {i}")).ToList();
        await File.WriteAllLinesAsync(_folder["secure"], first, Cancel);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, first[^1], vigil);
        vigil.Freeze();
        await File.WriteAllLinesAsync(_folder["secure"], second, Cancel);
        vigil.Thaw();

        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, second[^1], vigil);
        Assert.Equal([.. first, .. second], await cloud.MessagesAsync(Configuration.Group, Configuration.Stream));
    }

    [Fact]
    public async Task ALineShorterThanTheOneBeforeTheTruncationIsShipped()
    {
        await File.WriteAllTextAsync(_folder["secure"], "a first line that is long\n", Cancel);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "a first line that is long", vigil);
        await File.WriteAllTextAsync(_folder["secure"], "short\n", Cancel);

        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "short", vigil);
    }

    [Fact]
    public async Task FiftyTruncationsInARowLoseAndRepeatNothingThatWasReadBefore()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud.Endpoint, lingerMilliseconds: 10);
        for (var truncation = 0; truncation < 50; truncation++)
        {
            // As many lines each time, so that the file has its old length again.
            log.Append(3);
            await Shipping.EndsInAsync(cloud, log.Written - 1, vigil);
            log.Truncate();
        }

        log.Append(3);
        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task TheNulsThatATruncationLeavesToAWriterWhoKeepsItsPlaceAreSkipped()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        await using var writer = new FileStream(
            _folder["secure"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await writer.WriteAsync("before\n"u8.ToArray(), Cancel);
        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "before", vigil);
        using (var other = File.OpenHandle(_folder["secure"], access: FileAccess.Write, share: FileShare.ReadWrite))
        {
            RandomAccess.SetLength(other, 0);
        }

        await writer.WriteAsync("after\n"u8.ToArray(), Cancel);
        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "after", vigil);
        Assert.Equal(["before", "after"], await cloud.MessagesAsync(Configuration.Group, Configuration.Stream));
    }

    public void Dispose() => _folder.Dispose();
}
