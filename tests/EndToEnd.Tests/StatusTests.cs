using System.Text.Json;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>What cannot work is said in one place, and scripts can ask.</summary>
public sealed class StatusTests : IDisposable
{
    readonly TestFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AHealthyAgentSaysHowFarItIs()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = await ShipAsync(log, 100, cloud);
        await StatusIsAsync(0);

        using var status = await StatusAsync();
        var file = status.RootElement.GetProperty("sources")[0].GetProperty("files")[0];
        Assert.Equal(log.LengthBytes, file.GetProperty("delivered_bytes").GetInt64());
        Assert.Equal(100, file.GetProperty("delivery").GetProperty("events").GetInt64());
        Assert.Equal(vigil.Id, status.RootElement.GetProperty("process").GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task AServiceThatIsAwayIsNamedAsTheCause()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var proxy = FaultyProxy.Start(cloud, seed: 1);
        await using var vigil = Shipping.Start(_folder, proxy.Endpoint);
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 9, vigil);
        await proxy.DownAsync();
        log.Append(10);
        // The first request may still have met a connection that was just dropped; those after it are refused.
        var text = await StatusIsAsync(4, "cannot deliver: network: Connection refused");
        proxy.Up();
        await StatusIsAsync(0);

        Assert.Contains("vigil doctor looks at", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceThatThrottlesIsNamedAsTheCauseAsLongAsItDoes()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = await ShipAsync(log, 10, cloud);
        await StatusIsAsync(0);
        await cloud.FailAsync("""{"rules":[{"action":"PutLogEvents","times":5,"error":"ThrottlingException"}]}""");
        log.Append(10);
        await StatusIsAsync(4);
        using (var status = await StatusAsync())
        {
            Assert.Contains("throttling", CausesIn(status));
        }

        await cloud.FailAsync("{}");
        await StatusIsAsync(0);
        using var after = await StatusAsync();
        var sender = after.RootElement.GetProperty("senders")[0];
        Assert.InRange(sender.GetProperty("throttled").GetInt64(), 1, sender.GetProperty("requests").GetInt64() - 1);
    }

    [Fact]
    public async Task MetricsAndHealthAreOnAPortOfThisMachine()
    {
        using var log = new SecureLog(_folder["secure"]);
        var cloud = await Cloud.StartAsync(_folder);
        var port = Loopback.FreePort();
        var config = Configuration.WriteList(
            _folder, cloud.Endpoint, [Configuration.Entry(_folder["secure"])], vigil: $", \"metrics_port\": {port}");
        await using var vigil = VigilProcess.Start("run", "--config", config, "--state", _folder["state"]);
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 9, vigil);
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        Assert.Contains("\nvigil_healthy 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains(
            $$"""vigil_events_delivered_total{path="{{_folder["secure"]}}",log_group="{{Configuration.Group}}",""",
            metrics, StringComparison.Ordinal);
        Assert.Equal("ok\n", await http.GetStringAsync(new Uri("/healthz", UriKind.Relative), Cancel));

        await cloud.DisposeAsync();
        log.Append(10);
        await StatusIsAsync(4);
        using var health = await http.GetAsync(new Uri("/healthz", UriKind.Relative), Cancel);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.StartsWith("network: ", await health.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentThatWasKilledLeavesHowFarItCame()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var vigil = await ShipAsync(log, 100, cloud))
        {
            await StatusIsAsync(0);
            await Wait.UntilAsync(
                () => State.Positions(_folder).Exists(row => row.OffsetBytes == log.LengthBytes),
                () => "the position was never committed");
            await vigil.KillAsync();
        }

        log.Append(1);
        var (exitCode, text) = await RunAsync();
        Assert.Equal(3, exitCode);
        Assert.Contains("is not running", text, StringComparison.Ordinal);
        using var status = await StatusAsync();
        var file = status.RootElement.GetProperty("sources")[0].GetProperty("files")[0];
        Assert.Equal(SecureLog.LineBytes, file.GetProperty("behind_bytes").GetInt64());
    }

    [Fact]
    public async Task ARotationWhileTheAgentIsDownIsSeenInTheStatusToo()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var vigil = await ShipAsync(log, 100, cloud))
        {
            await vigil.StopAsync();
        }

        log.Append(1);
        log.Rename(_folder["secure.1"]);
        log.Reopen();
        log.Append(2);
        using var status = await StatusAsync();
        var files = status.RootElement.GetProperty("sources")[0].GetProperty("files");
        Assert.Equal(
            [(_folder["secure.1"], SecureLog.LineBytes), (_folder["secure"], 2 * SecureLog.LineBytes)],
            files.EnumerateArray().Select(file =>
                (file.GetProperty("path").GetString()!, file.GetProperty("behind_bytes").GetInt64())));
    }

    [Fact]
    public async Task AnAgentWithoutItsSocketIsNotSaidToBeStopped()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = await ShipAsync(log, 1, cloud);
        File.Delete(_folder["state/control.sock"]);
        var (exitCode, text) = await RunAsync();

        Assert.Equal(4, exitCode);
        Assert.Contains("does not answer on its control socket", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderWithoutStateIsSaidToBeOne()
    {
        var (exitCode, text) = await RunAsync();

        Assert.Equal(3, exitCode);
        Assert.Contains("no vigil ever ran on this folder", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatATruncationDestroyedIsListedWhileTheAgentRuns()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = await ShipAsync(log, 100, cloud);
        var end = log.LengthBytes;
        log.Truncate();
        log.Append(1);
        await Shipping.EndsInAsync(cloud, 100, vigil);
        await Wait.UntilAsync(() => State.GapRecords(_folder).Count == 1, () => "no gap was recorded");

        var (exitCode, text) = await VigilProcess.RunAsync("gaps", "--state", _folder["state"], "--json");
        using var gaps = JsonDocument.Parse(text);
        Assert.Equal(0, exitCode);
        Assert.Equal(end, gaps.RootElement[0].GetProperty("from_bytes").GetInt64());
        Assert.Equal(_folder["secure"], gaps.RootElement[0].GetProperty("source_path").GetString());
    }

    // An agent that has delivered the first lines of a log.
    async Task<VigilProcess> ShipAsync(SecureLog log, int lines, Cloud cloud)
    {
        log.Append(lines);
        var vigil = Shipping.Start(_folder, cloud);
        await Shipping.EndsInAsync(cloud, lines - 1, vigil);
        return vigil;
    }

    Task<(int ExitCode, string Output)> RunAsync(params string[] more) =>
        VigilProcess.RunAsync(["status", "--state", _folder["state"], .. more]);

    async Task<JsonDocument> StatusAsync() => JsonDocument.Parse((await RunAsync("--json")).Output);

    static IEnumerable<string> CausesIn(JsonDocument status) => status.RootElement.GetProperty("problems")
        .EnumerateArray().Select(problem => problem.GetProperty("cause").GetString()!).Distinct();

    async Task<string> StatusIsAsync(int exitCode, string part = "")
    {
        var last = "";
        await Wait.UntilAsync(
            async () =>
            {
                (var found, last) = await RunAsync();
                return found == exitCode && last.Contains(part, StringComparison.Ordinal);
            },
            () => $"the status was never {exitCode} with '{part}', but last:\n{last}");
        return last;
    }
}
