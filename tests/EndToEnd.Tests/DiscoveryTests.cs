using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Files that are found, or not yet.</summary>
public sealed class DiscoveryTests : IDisposable
{
    readonly TestFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFileThatIsMissingAtTheStartIsReadFromItsFirstByteOnceItAppears()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        await vigil.SaysAsync("there is no such file yet");
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AFileWhoseFolderIsMadeAfterTheStartIsReadFromItsFirstByte()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(
            _folder, cloud.Endpoint, Configuration.Entry(_folder["late/secure"]));
        await vigil.SaysAsync("there is no such file yet");
        Directory.CreateDirectory(_folder["late"]);
        using var log = new SecureLog(_folder["late/secure"]);
        log.Append(100);

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AFileThatMatchesAPatternAfterTheStartIsReadFromItsFirstByte()
    {
        Directory.CreateDirectory(_folder["logs"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(
            _folder, cloud.Endpoint, Configuration.Entry(_folder["logs/*.log"]));
        await vigil.SaysAsync("Started");
        using var log = new SecureLog(_folder["logs/secure.log"]);
        log.Append(100);

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AThousandFilesUnderALimitOf256HandlesAllArriveAndNoneIsTakenForDeleted()
    {
        const int Files = 1000;
        Directory.CreateDirectory(_folder["logs"]);
        for (var file = 0; file < Files; file++)
        {
            await File.WriteAllTextAsync(_folder[$"logs/{file:D4}.log"], $"line of {file:D4}\n", Cancel);
        }

        await using var cloud = await Cloud.StartAsync(_folder);
        var config = Configuration.WriteList(
            _folder, cloud.Endpoint,
            [Configuration.Entry(_folder["logs/*.log"], more: ", \"publish_multi_logs\": true")]);
        await using var vigil = VigilProcess.StartBy(
            ["prlimit", "--nofile=256:256"], "run", "--config", config, "--state", _folder["state"]);

        List<string> messages = [];
        await Wait.UntilAsync(
            async () => (messages = await cloud.MessagesAsync(Configuration.Group)).Count >= Files,
            () => $"only {messages.Count} of {Files} files arrived:\n{vigil.Output}");
        Assert.Equal(
            Enumerable.Range(0, Files).Select(file => $"line of {file:D4}"), messages.Order(StringComparer.Ordinal));
        Assert.Equal(0, await vigil.StopAsync());
        Assert.Empty(State.Gaps(_folder));
    }

    public void Dispose() => _folder.Dispose();
}
