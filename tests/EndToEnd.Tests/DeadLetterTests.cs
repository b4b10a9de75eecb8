using System.Globalization;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>What the service will never take is kept for a person, and in nobody's way.</summary>
public sealed class DeadLetterTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LinesThatAreTooOldAreKeptAndCanBeDeliveredWithAnotherTimestamp()
    {
        await File.WriteAllLinesAsync(_folder["app"],
        [
            .. Enumerable.Range(0, 3000).Select(i => Line(-20, $"old {i}")),
            .. Enumerable.Range(0, 3000).Select(i => Line(0, $"new {i}"))
        ], TestContext.Current.CancellationToken);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(
            _folder, cloud.Endpoint,
            Configuration.Entry(
                _folder["app"], more: """, "timestamp_format": "%Y-%m-%dT%H:%M:%S", "timezone": "UTC" """));
        await cloud.MessagesAsync(Configuration.Group, Configuration.Stream, 3000, vigil);
        await Wait.UntilAsync(
            () => State.GapRecords(_folder).Count > 0, () => $"nothing was recorded:\n{vigil.Output}");

        var gap = Assert.Single(State.GapRecords(_folder));
        var oldBytes = Enumerable.Range(0, 3000).Sum(i => (long)Line(-20, $"old {i}").Length + 1);
        Assert.Equal((0L, oldBytes, 3000), (gap.FromBytes, gap.ToBytes, gap.DeadLetter!.Events));
        Assert.Contains("old 0", (await RunAsync("show", "1")).Output.Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(
            (1, true), Said(await RunAsync("replay", "1", "--endpoint", $"{cloud.Endpoint}"), "--now stamps them"));
        Assert.Equal(
            (0, true),
            Said(await RunAsync("replay", "--all", "--now", "--endpoint", $"{cloud.Endpoint}"), "delivered: 1"));
        Assert.Empty(State.GapRecords(_folder));
        var messages = await cloud.MessagesAsync(Configuration.Group, Configuration.Stream);
        Assert.Equal((6000, 6000), (messages.Count, messages.Distinct().Count()));
        Assert.Equal(0, await vigil.StopAsync());
    }

    static (int ExitCode, bool SaysIt) Said((int ExitCode, string Output) run, string text) =>
        (run.ExitCode, run.Output.Contains(text, StringComparison.Ordinal));

    static string Line(int days, string text) => string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeProvider.System.GetUtcNow().Date.AddDays(days):yyyy-MM-dd'T'HH:mm:ss} {text}");

    Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        VigilProcess.RunAsync(["deadletters", .. arguments, "--state", _folder["state"]]);
}
