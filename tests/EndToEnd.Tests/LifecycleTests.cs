using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Starting, stopping, and what may be wrong meanwhile.</summary>
public sealed class LifecycleTests(ITestOutputHelper output) : IDisposable
{
    readonly TestFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsAppendedArrivesWithTheFlushInterval()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = VigilProcess.Start(
            "run", "--config", Configuration.Write(_folder, cloud.Endpoint, lingerMilliseconds: 1000),
            "--state", _folder["state"]);
        log.Append(1);
        await Shipping.EndsInAsync(cloud, 0);

        var began = TimeProvider.System.GetTimestamp();
        log.Append(1);
        await Shipping.EndsInAsync(cloud, 1);
        output.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms with 1000 ms of linger");
    }

    [Fact]
    public async Task TheGroupGetsItsRetention()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(1);

        await vigil.SaysAsync("now keeps its events for 7 days");
        var (exitCode, groups) = await VigilProcess.RunAsync("logs", "groups", "--endpoint", cloud.Endpoint.ToString());
        Assert.Equal(0, exitCode);
        Assert.Contains($"{Configuration.Group}\tSTANDARD\t7 days", groups, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStopDeliversWhatWasReadAndARestartRepeatsNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        for (var round = 0; round < 3; round++)
        {
            log.Append(10_000);
            await using var vigil = Shipping.Start(_folder, cloud);
            await vigil.SaysAsync("reading");
            Assert.Equal(0, await vigil.StopAsync());
            Assert.Contains("all that was read is delivered and committed", vigil.Output, StringComparison.Ordinal);
        }

        await using var last = Shipping.Start(_folder, cloud);
        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AStopDuringAnOutageCommitsNothingThatWasNotAccepted()
    {
        using var log = new SecureLog(_folder["secure"]);
        var cloud = await Cloud.StartAsync(_folder);
        await using (var vigil = Shipping.Start(_folder, cloud))
        {
            log.Append(100);
            await Shipping.EndsInAsync(cloud, 99);
            await cloud.DisposeAsync();
            log.Append(100);
            await vigil.SaysAsync("Cannot deliver to");
            Assert.Equal(0, await vigil.StopAsync());
            Assert.Contains("log events that the service has not taken", vigil.Output, StringComparison.Ordinal);
        }

        Assert.True(Assert.Single(State.Positions(_folder)).OffsetBytes <= 100 * (SecureLog.Line(0).Length + 1));
        await using var again = await Cloud.StartAsync(_folder);
        await using var second = Shipping.Start(_folder, again);
        await Shipping.ArrivedOnceAsync(again, log);
    }

    [Fact]
    public async Task APartialLineWaitsForItsEndAlsoAcrossARestart()
    {
        var path = _folder["secure"];
        await using var cloud = await Cloud.StartAsync(_folder);
        await using (var first = Shipping.Start(_folder, cloud))
        {
            await File.WriteAllTextAsync(path, "whole\npart", Cancel);
            await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "whole");
            Assert.Equal(0, await first.StopAsync());
        }

        await File.AppendAllTextAsync(path, "ial\n", Cancel);
        await using var second = Shipping.Start(_folder, cloud);
        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "partial");
        Assert.Equal(["whole", "partial"], await cloud.MessagesAsync(Configuration.Group, Configuration.Stream));
    }

    [Fact]
    public async Task ItsOwnLogGoesToTheFileThatTheConfigurationNames()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        var config = Configuration.Write(_folder, cloud.Endpoint);
        var text = await File.ReadAllTextAsync(config, Cancel);
        var logfile = $"\"logfile\": \"{_folder["logs/own.log"]}\", ";
        await File.WriteAllTextAsync(
            config, text.Replace("\"region\"", logfile + "\"region\"", StringComparison.Ordinal), Cancel);
        await using var vigil = VigilProcess.Start("run", "--config", config, "--state", _folder["state"]);
        log.Append(1);
        await Shipping.EndsInAsync(cloud, 0, vigil);
        Assert.Equal(0, await vigil.StopAsync());

        var lines = await File.ReadAllLinesAsync(_folder["logs/own.log"], Cancel);
        Assert.Contains(lines, line => line.Contains("Z I! Started", StringComparison.Ordinal));
        Assert.Equal("", vigil.Output.Trim());
    }

    [Fact]
    public async Task LinesOfAnyBytesArrive()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        byte[] line = [.. "Invalid user \"\\"u8, 0xFF, 0xFE, 0x07, .. "é😀\t end\r\n\r\n\n"u8, .. "last\n"u8];
        await File.WriteAllBytesAsync(_folder["secure"], line, Cancel);

        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "last");
        Assert.Equal(
            ["Invalid user \"\\\uFFFD\uFFFD\aé😀\t end", "last"],
            await cloud.MessagesAsync(Configuration.Group, Configuration.Stream));
    }

    [Fact]
    public async Task ALineBeyondTheEventLimitIsSplitWithNothingLost()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        var line = string.Concat(Enumerable.Range(0, 500_000).Select(i => i % 10 == 0 ? "é" : "0123456"));
        await File.WriteAllTextAsync(_folder["secure"], line + "\nnext\n", Cancel);

        await cloud.HasLastAsync(Configuration.Group, Configuration.Stream, "next");
        var messages = await cloud.MessagesAsync(Configuration.Group, Configuration.Stream);
        Assert.Equal(line, string.Concat(messages[..^1]));
        Assert.True(messages.Count > 3);
    }

    [Fact]
    public async Task ASecondAgentOnOneStateFolderIsRefused()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var first = Shipping.Start(_folder, cloud);
        await first.SaysAsync("Started");
        await using var second = Shipping.Start(_folder, cloud);

        Assert.Equal(1, await second.ExitedAsync());
        Assert.Contains("another vigil holds this state folder", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PositionsThatCannotBeReadAreMovedAsideAndShippingStartsOver()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(10);
        Directory.CreateDirectory(_folder["state"]);
        await File.WriteAllTextAsync(_folder["state/positions.db"], new string('x', 10_000), Cancel);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Contains("positions.db.corrupt", vigil.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABadConfigurationIsRefusedWithItsPlace()
    {
        await File.WriteAllTextAsync(_folder["config.json"], "{ \"logs\": {\n  \"log_collected\": 1 } }", Cancel);

        var (exitCode, said) = await VigilProcess.RunAsync(
            "run", "--config", _folder["config.json"], "--state", _folder["state"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("config.json:2:3: logs.log_collected: ", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["state"]));
    }

    [Fact]
    public async Task TheDemoShowsALinesWholeWayAndLeavesNothingBehind()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(3);
        var (exitCode, said) = await VigilProcess.RunAsync("demo", _folder["secure"], "--seconds", "3");

        Assert.Equal(0, exitCode);
        Assert.Contains("Delivered 3 log events", said, StringComparison.Ordinal);
        Assert.Contains("3 log events of", said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
