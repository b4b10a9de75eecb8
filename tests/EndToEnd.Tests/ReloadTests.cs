using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>The configuration changes while the agent runs.</summary>
public sealed class ReloadTests : IDisposable
{
    const string Away =
        """{"rules":[{"action":"PutLogEvents","error":"ServiceUnavailableException","status":503}]}""";

    const string Taken = "The configuration changed: ";

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnEntryThatIsNewIsReadAndTheOthersAreNotTouched()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(_folder, cloud.Endpoint, Configuration.Entry(_folder["secure"]));
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 9, vigil);
        var handle = HandleOn(vigil, _folder["secure"]);

        await File.WriteAllTextAsync(_folder["new"], "of the new one\n", Cancel);
        Configuration.WriteList(
            _folder, cloud.Endpoint,
            [Configuration.Entry(_folder["new"], "new"), Configuration.Entry(_folder["secure"])]);
        vigil.HangUp();
        await cloud.HasLastAsync(Configuration.Group, "new", "of the new one", vigil);
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 19, vigil);

        Assert.Equal(handle, HandleOn(vigil, _folder["secure"]));
        Assert.Equal(1, CountOf($"{_folder["secure"]}: found; reading", vigil.Output));
        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AnEntryThatIsGoneIsReadNoMore()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(
            _folder, cloud.Endpoint,
            Configuration.Entry(_folder["secure"]), Configuration.Entry(_folder["gone"], "gone"));
        await File.WriteAllTextAsync(_folder["gone"], "before\n", Cancel);
        await cloud.HasLastAsync(Configuration.Group, "gone", "before", vigil);

        Configuration.WriteList(_folder, cloud.Endpoint, [Configuration.Entry(_folder["secure"])]);
        vigil.HangUp();
        await vigil.SaysAsync(Taken);
        await Wait.UntilAsync(() => HandleOn(vigil, _folder["gone"]) is null, () => "the file stays open");
        await File.AppendAllTextAsync(_folder["gone"], "after\n", Cancel);
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 9, vigil);

        Assert.Equal(["before"], await cloud.MessagesAsync(Configuration.Group, "gone"));
    }

    [Fact]
    public async Task AStreamOfAnotherNameGoesOnWhereTheOneBeforeStood()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(_folder, cloud.Endpoint, Configuration.Entry(_folder["secure"]));
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 9, vigil);

        Configuration.WriteList(_folder, cloud.Endpoint, [Configuration.Entry(_folder["secure"], "renamed")]);
        vigil.HangUp();
        await vigil.SaysAsync(Taken);
        log.Append(10);
        await cloud.HasLastAsync(Configuration.Group, "renamed", SecureLog.Line(19), vigil);

        // The last line may arrive before a batch that was sent before it.
        await Wait.UntilAsync(
            async () => (await cloud.NumbersAsync(Configuration.Group, "renamed")).Count >= 10, () => vigil.Output);
        Assert.Equal(
            Enumerable.Range(10, 10), await cloud.NumbersAsync(Configuration.Group, "renamed"));
    }

    [Theory]
    [InlineData(100, 100)] // the entry alone changes
    [InlineData(100, 150)] // what all entries share does
    public async Task ReloadsUnderLoadLoseNothingAndRepeatNothing(int oneLinger, int otherLinger)
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(_folder, cloud.Endpoint, Configuration.Entry(_folder["secure"]));
        await vigil.SaysAsync("Started");
        for (var round = 1; round <= 8; round++)
        {
            log.Append(10_000);
            var retention = round % 2 == 0 ? 7 : 14;
            Configuration.WriteList(
                _folder, cloud.Endpoint,
                [Configuration.Entry(_folder["secure"], more: $", \"retention_in_days\": {retention}")],
                round % 2 == 0 ? oneLinger : otherLinger);
            vigil.HangUp();
            log.Append(10_000);
            await Wait.UntilAsync(
                () => CountOf("The configuration changed", vigil.Output) >= round,
                () => $"reload {round} never came:\n{vigil.Output}");
        }

        log.Append(10);
        await Shipping.EndsInAsync(cloud, log.Written - 1, vigil);
        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AConfigurationThatIsNoGoodChangesNothingAndTheStatusSaysWhy()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.StartList(_folder, cloud.Endpoint, Configuration.Entry(_folder["secure"]));
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 9, vigil);

        Configuration.WriteList(
            _folder, cloud.Endpoint, [Configuration.Entry(_folder["secure"], more: ", \"from_beginning\": true")]);
        vigil.HangUp();
        await vigil.SaysAsync("is not taken in");
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 19, vigil);
        var (exitCode, status) = await VigilProcess.RunAsync("status", "--state", _folder["state"]);
        Assert.Equal(4, exitCode);
        Assert.Contains("config.json: it was changed and is not in force: ", status, StringComparison.Ordinal);
        Assert.Contains("from_beginning", status, StringComparison.Ordinal);

        Configuration.WriteList(_folder, cloud.Endpoint, [Configuration.Entry(_folder["secure"])]);
        vigil.HangUp();
        await Wait.UntilAsync(
            async () =>
            {
                (exitCode, status) = await VigilProcess.RunAsync("status", "--state", _folder["state"]);
                return exitCode == 0;
            },
            () => status);
    }

    [Theory]
    [InlineData(100)] // the entry alone changes
    [InlineData(150)] // what all entries share does
    public async Task AFileThatWasDeletedBeforeItWasDeliveredIsHandedOn(int linger)
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = await ShipIntoAnOutageAsync(log, cloud, 50_000);
        File.Delete(_folder["secure"]);

        Configuration.WriteList(
            _folder, cloud.Endpoint,
            [Configuration.Entry(_folder["secure"], more: ", \"retention_in_days\": 7")], linger);
        vigil.HangUp();
        await vigil.SaysAsync("The configuration changed");
        await cloud.FailAsync("{}");

        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task InAnOutageAChangedEntryIsReadOnWithinSecondsThroughARotation()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = await ShipIntoAnOutageAsync(log, cloud, 10_000);

        Reload(vigil, cloud, retention: 14);
        await vigil.SaysAsync("secure: reading on from byte");
        log.Rename(_folder["secure.1"]);
        log.Append(10_000);
        File.Move(_folder["secure.1"], _folder["secure.2"]);
        log.Rename(_folder["secure.1"]);
        log.Append(10);
        await cloud.FailAsync("{}");

        await vigil.SaysAsync("now keeps its events for 14 days");
        await Shipping.ArrivedOnceAsync(cloud, log);
    }

    [Fact]
    public async Task AFileThatWasMovedElsewhereIsHandedOn()
    {
        using var log = new SecureLog(_folder["secure"]);
        Directory.CreateDirectory(_folder["old"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = await ShipIntoAnOutageAsync(log, cloud, 50_000);
        log.Rename(_folder["old/secure-20261126"]);
        log.Append(10);
        await vigil.SaysAsync("rotated; the old file is now");

        Reload(vigil, cloud, retention: 14);
        await vigil.SaysAsync("old/secure-20261126: reading on");
        await cloud.FailAsync("{}");

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Empty(State.GapRecords(_folder));
    }

    // Ten lines arrive; those that follow are read and do not.
    async Task<VigilProcess> ShipIntoAnOutageAsync(SecureLog log, Cloud cloud, int lines)
    {
        var vigil = Shipping.StartList(_folder, cloud.Endpoint, Configuration.Entry(_folder["secure"]));
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 9, vigil);
        await cloud.FailAsync(Away);
        log.Append(lines);
        await vigil.SaysAsync("Cannot deliver to");
        return vigil;
    }

    void Reload(VigilProcess vigil, Cloud cloud, int retention)
    {
        Configuration.WriteList(
            _folder, cloud.Endpoint,
            [Configuration.Entry(_folder["secure"], more: $", \"retention_in_days\": {retention}")]);
        vigil.HangUp();
    }

    static int CountOf(string text, string output) => output.Split(text).Length - 1;

    // The number of the handle that is open on a file; null when none is.
    static string? HandleOn(VigilProcess vigil, string path) =>
        Directory.GetFiles($"/proc/{vigil.Id}/fd").FirstOrDefault(handle => TargetOf(handle) == path);

    static string? TargetOf(string handle)
    {
        try
        {
            return File.ResolveLinkTarget(handle, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null; // closed meanwhile
        }
    }
}
