using System.Runtime.Versioning;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>What systemd's journal holds arrives as what stands in files does.</summary>
public sealed class JournalTests : IDisposable
{
    const string Denied =
        """{"rules":[{"action":"PutLogEvents","error":"AccessDeniedException","status":400}]}""";

    const string Taken = "The configuration changed: ";

    static readonly DateTimeOffset Began = TimeProvider.System.GetUtcNow().AddHours(-1);

    readonly TestFolder _folder = new();
    readonly SystemJournal _journal;
    int _written;

    public JournalTests()
    {
        SystemJournal.SkipUnlessInstalled();
        _journal = new(_folder["journal"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NoEntryIsMissingAfterKills()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        Append(20_000);
        var config = Write(cloud.Endpoint, FromTheBeginning);
        for (var kills = 1; kills <= 3; kills++)
        {
            await using var killed = Start(config);
            await cloud.MessagesAsync("g", "s", 4000 * kills, killed);
            await killed.KillAsync();
        }

        Append(10);
        await using var vigil = Start(config);
        await cloud.HasLastAsync("g", "s", "entry 20009", vigil);

        Assert.Equal(0, await vigil.StopAsync());
        var messages = await cloud.MessagesAsync("g", "s");
        Assert.Equal(Expected(20_010).Order(StringComparer.Ordinal), messages.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Expected(20_010), messages.Distinct());
    }

    /// <summary>Where nothing can be sent at first, a kill does not make the agent begin at another end.</summary>
    [Fact]
    public async Task WhatIsWrittenSinceTheFirstStartArrivesOnceAndNothingBefore()
    {
        await using var cloud = await Cloud.StartAsync(_folder, faults: Denied);
        Append(10);
        var config = Write(cloud.Endpoint, "");
        await using (var killed = Start(config))
        {
            await UntilReadsAsync(killed, "state");
            Append(10);
            await killed.SaysAsync("Cannot deliver to");
            await killed.KillAsync();
        }

        Append(10);
        await using var vigil = Start(config);
        await vigil.SaysAsync("Cannot deliver to");
        await cloud.FailAsync("{}");
        await cloud.HasLastAsync("g", "s", "entry 29", vigil);
        Append(1);
        await cloud.HasLastAsync("g", "s", "entry 30", vigil);

        Assert.Equal(Expected(31).Skip(10), await cloud.MessagesAsync("g", "s"));
    }

    [Fact]
    public async Task AnEntryThatIsConfiguredOtherwiseGoesOnWhereItStood()
    {
        await using var cloud = await Cloud.StartAsync(_folder);
        Append(10);
        var config = Write(cloud.Endpoint, FromTheBeginning);
        await using var vigil = Start(config);
        await cloud.HasLastAsync("g", "s", "entry 9", vigil);

        Write(cloud.Endpoint, """, "journald": [{ "log_group_name": "g", "format": "syslog" }]""");
        vigil.HangUp();
        await vigil.SaysAsync(Taken);
        Append(10);

        var messages = await cloud.MessagesAsync("g", "s", 20, vigil);
        Assert.Equal(Expected(10), messages.Take(10));
        Assert.All(messages.Skip(10), one => Assert.Matches(
            @"^\w{3} [ \d]\d [\d:]{8} web-1 su\[4711\]: entry 1\d$", one));
        Assert.Equal(20, messages.Count);
    }

    [Fact]
    public async Task WrongPasswordsInTheJournalAreTold()
    {
        using var hook = new Webhook();
        await File.WriteAllTextAsync(_folder["secret"], "key", TestContext.Current.CancellationToken);
        await using var cloud = await Cloud.StartAsync(_folder);
        Append(1);
        await using var vigil = Start(Write(cloud.Endpoint, $$"""
            , "notifications": [{ "name": "hook", "type": "webhook", "url": "{{hook.Url}}",
              "secret_file": "{{_folder["secret"]}}" }],
            "packs": [{ "name": "failed-logins", "file_path": "journald", "notify": ["hook"] }]
            """));
        await vigil.SaysAsync("Watching");
        await UntilReadsAsync(vigil, "state/watch");
        const string Wrong = "pam_unix(su:auth): authentication failure; logname= uid=1000 user=dbdev";
        for (var i = 0; i < 3; i++)
        {
            _journal.Append(TimeProvider.System.GetUtcNow(), Wrong);
        }

        await Wait.UntilAsync(() => hook.Posts.Count > 0, () => $"nobody was told; the agent:\n{vigil.Output}");
        var lines = Webhook.Json(hook.Posts.First()).GetProperty("Vigil").GetProperty("Lines");
        Assert.Equal(3, lines.GetArrayLength());
        Assert.EndsWith(
            " web-1 su[4711]: " + Wrong, lines[0].GetProperty("Message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task AJournalThatMayNotBeReadIsToldOf()
    {
        Assert.SkipUnless(Unprivileged.Obstacle is null, Unprivileged.Obstacle ?? "");
        Unprivileged.Admit(_folder);
        Append(1);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Unprivileged.Start(_folder, Write(cloud.Endpoint, FromTheBeginning));
        await vigil.SaysAsync("may not be read: add the agent's user to the group systemd-journal");

        var (exitCode, said) = await VigilProcess.RunAsync("status", "--state", _folder["state"]);
        Assert.Equal(4, exitCode);
        Assert.Contains("journald SYSLOG_IDENTIFIER=su: ", said, StringComparison.Ordinal);

        File.SetUnixFileMode(_folder["journal/system.journal"], (UnixFileMode)0b110_100_100);
        await cloud.HasLastAsync("g", "s", "entry 0", vigil);
        await Wait.UntilAsync(
            async () => (await VigilProcess.RunAsync("status", "--state", _folder["state"])).ExitCode == 0,
            () => "the status stays as it was");
    }

    const string FromTheBeginning =
        """, "journald": [{ "log_group_name": "g", "format": "message", "start_position": "beginning" }]""";

    void Append(int count)
    {
        _journal.Append(Enumerable.Range(_written, count).Select(i => (Began.AddMilliseconds(i),
            ((string, string)[])
            [
                ("MESSAGE", $"entry {i}"), ("PRIORITY", "6"), ("_HOSTNAME", "web-1"), ("SYSLOG_IDENTIFIER", "su"),
                ("_PID", "4711")
            ])));
        _written += count;
    }

    static IEnumerable<string> Expected(int count) => Enumerable.Range(0, count).Select(i => $"entry {i}");

    VigilProcess Start(string config) =>
        VigilProcess.Start("run", "--config", config, "--state", _folder["state"]);

    // Where it begins is known and on disk.
    Task UntilReadsAsync(VigilProcess vigil, string state) => Wait.UntilAsync(
        () => State.HasPositions(_folder[state]), () => $"the journal is not read; the agent:\n{vigil.Output}");

    /// <param name="vigil">Further keys of Vigil's section, each with a comma before it.</param>
    string Write(Uri endpoint, string vigil)
    {
        File.WriteAllText(
            _folder["config.json"],
            $$"""
            {
              "agent": { "region": "us-east-1" },
              "logs": {
                "endpoint_override": "{{endpoint}}",
                "logs_collected": { "journald": { "collect_list": [
                  { "log_group_name": "g", "log_stream_name": "s", "matches": [{ "SYSLOG_IDENTIFIER": "su" }] }
                ] } }
              },
              "vigil": {
                "linger_ms": 100, "journald_format": "message", "journald_directory": "{{_journal.Folder}}"{{vigil}}
              }
            }
            """);
        return _folder["config.json"];
    }
}
