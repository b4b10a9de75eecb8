using System.Text.Json;
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

        await ArrivedAsync(cloud, [.. Enumerable.Range(0, Files).Select(file => $"line of {file:D4}")], vigil);
        Assert.Equal(0, await vigil.StopAsync());
        Assert.Empty(State.Gaps(_folder));
    }

    [Fact]
    public async Task LogsThatLiveShortlyArriveWholeAndHoldNothingOnceTheyAreGone()
    {
        const int Waves = 5;
        const int Files = 100;
        Directory.CreateDirectory(_folder["logs"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        var config = Configuration.WriteList(
            _folder, cloud.Endpoint,
            [Configuration.Entry(_folder["logs/*.log"], more: ", \"publish_multi_logs\": true")]);
        await using var vigil = VigilProcess.Start("run", "--config", config, "--state", _folder["state"]);
        List<string> expected = [];
        for (var wave = 0; wave < Waves; wave++)
        {
            var names = Enumerable.Range(wave * Files, Files).Select(file => $"{file:D4}").ToList();
            names.ForEach(name =>
                File.WriteAllText(_folder[$"logs/{name}.log"], $"first of {name}\nlast of {name}\n"));
            expected.AddRange(names.SelectMany(name => new[] { $"first of {name}", $"last of {name}" }));
            await ArrivedAsync(cloud, expected, vigil);
            names.ForEach(name => File.Delete(_folder[$"logs/{name}.log"]));
        }

        await Wait.UntilAsync(
            async () => await OpenFilesAsync() == 0, () => $"files that were deleted are held open:\n{vigil.Output}");
        Assert.Empty(State.Gaps(_folder));
        Assert.Equal(0, await vigil.StopAsync());
    }

    async Task<int> OpenFilesAsync()
    {
        var (_, status) = await VigilProcess.RunAsync("status", "--state", _folder["state"], "--json");
        using var report = JsonDocument.Parse(status);
        return report.RootElement.GetProperty("process").GetProperty("open_files").GetInt32();
    }

    static async Task ArrivedAsync(Cloud cloud, List<string> expected, VigilProcess vigil)
    {
        List<string> messages = [];
        await Wait.UntilAsync(
            async () => (messages = await cloud.MessagesAsync(Configuration.Group)).Count >= expected.Count,
            () => $"only {messages.Count} of {expected.Count} lines arrived:\n{vigil.Output}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), messages.Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
