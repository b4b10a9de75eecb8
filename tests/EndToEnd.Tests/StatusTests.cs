using System.Text.Json;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>What cannot work is said in one place, and scripts can ask.</summary>
public sealed class StatusTests : IDisposable
{
    readonly TestFolder _folder = new();

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
        await StatusIsAsync(4);
        var (_, text) = await RunAsync();
        proxy.Up();
        await StatusIsAsync(0);

        Assert.Contains("cannot deliver: Connection refused", text, StringComparison.Ordinal);
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

    Task StatusIsAsync(int exitCode)
    {
        var last = "";
        return Wait.UntilAsync(
            async () =>
            {
                (var found, last) = await RunAsync();
                return found == exitCode;
            },
            () => $"the status was never {exitCode}, but last:\n{last}");
    }
}
