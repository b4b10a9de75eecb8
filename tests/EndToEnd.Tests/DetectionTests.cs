using System.Globalization;
using System.Security.Cryptography;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>What is watched for on the host is told whatever becomes of the shipping, once.</summary>
public sealed class DetectionTests : IDisposable
{
    const int BudgetMegabytes = 16;

    const StringComparison Text = StringComparison.Ordinal;

    readonly TestFolder _folder = new();
    readonly int _nobody = Loopback.FreePort();

    public void Dispose() => _folder.Dispose();

    /// <summary>Three times the memory that unsent lines may take is written while nothing can be sent, and then
    /// somebody guesses a password.</summary>
    [Fact]
    public async Task FourWrongPasswordsAreMailedWithTheirLinesWhileTheNetworkIsCut()
    {
        using var mail = new MailServer();
        await File.WriteAllTextAsync(
            _folder["secure"], Wrong("before") + Wrong("before") + Wrong("before"),
            TestContext.Current.CancellationToken);
        await using var vigil = Start(
            $$"""
            { "name": "ops", "type": "smtp", "host": "127.0.0.1", "port": {{mail.Port}}, "security": "none",
              "from": "vigil@web-1.example", "to": ["ops@example.com", "night@example.com"] }
            """,
            Detection("failed-su", "authentication failure", "ops"));
        await vigil.SaysAsync("Cannot deliver to");
        await AppendAsync(string.Concat(
            Enumerable.Range(0, 3 * BudgetMegabytes * 8192)
                .Select(i => Line($"systemd[1]: {i:d8} {new string('x', 80)}"))));

        await AppendAsync(Wrong("1") + Wrong("2") + Wrong("3") + Wrong("4 <b>&"));

        await Wait.UntilAsync(() => mail.Mails.Count > 0, () => $"no mail came; the agent:\n{vigil.Output}");
        var text = mail.Mails.Single();
        Assert.Contains($"Subject: ALARM: \"failed-su\" on {Environment.MachineName}", text, StringComparison.Ordinal);
        Assert.Contains("To: ops@example.com, night@example.com", text, StringComparison.Ordinal);
        Assert.Contains("[4.0 (", text, StringComparison.Ordinal);
        Assert.Contains("vigil alarms explain failed-su", text, StringComparison.Ordinal);
        foreach (var who in (string[])["1", "2", "3", "4 <b>&", "4 &lt;b&gt;&amp;"])
        {
            Assert.Contains($"user=dbdev {who}", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("before", text, StringComparison.Ordinal);
        var (exitCode, said) = await VigilProcess.RunAsync("alarms", "--state", _folder["state"]);
        Assert.Equal((4, true), (exitCode, said.Contains("failed-su\tALARM\t", StringComparison.Ordinal)));
        (_, said) = await VigilProcess.RunAsync("alarms", "explain", "failed-su", "--state", _folder["state"]);
        Assert.Matches(
            "^failed-su: ALARM since .*\nbecause: Threshold Crossed: 1 datapoint .*\nwatched: .*secure for "
            + "\"authentication failure\"; ALARM when Sum is greater than 2 in 1 of 1 periods of 300 seconds", said);
        Assert.Equal(0, await vigil.StopAsync());
    }

    [Fact]
    public async Task AMailServerThatSomebodyElseWroteTakesTheMail()
    {
        Aiosmtpd.SkipUnlessInstalled();
        using var mail = new Aiosmtpd(_folder);
        await File.WriteAllTextAsync(_folder["secure"], "", TestContext.Current.CancellationToken);
        await using var vigil = Start(
            $$"""
            { "name": "ops", "type": "smtp", "host": "127.0.0.1", "port": {{mail.Port}}, "security": "none",
              "from": "vigil@web-1.example", "to": ["ops@example.com"] }
            """,
            Detection("failed-su", "authentication failure", "ops"));
        await vigil.SaysAsync("Watching");
        await AppendAsync(Wrong("1") + Wrong("2") + Wrong("3"));

        await Wait.UntilAsync(() => mail.Mails.Count > 0, () => $"no mail came; the agent:\n{vigil.Output}");
        var text = Assert.Single(mail.Mails);
        Assert.Contains("X-RcptTo: ops@example.com", text, Text);
        Assert.Contains($"Subject: ALARM: \"failed-su\" on {Environment.MachineName}", text, Text);
        Assert.Contains("user=dbdev 3", text, Text);
        Assert.Equal(0, await vigil.StopAsync());
    }

    [Fact]
    public async Task ANoticeThatWasNotTakenBeforeAKillIsToldOnceAfterIt()
    {
        using var hook = new Webhook { IsDown = true };
        await File.WriteAllTextAsync(_folder["secure"], "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder["secret"], "s3cret\n", TestContext.Current.CancellationToken);
        await using (var vigil = StartHooked(hook))
        {
            await vigil.SaysAsync("Watching");
            await AppendAsync(Wrong("1") + Wrong("2") + Wrong("3"));
            await Wait.UntilAsync(() => hook.Refused > 0, () => $"nothing was posted; the agent:\n{vigil.Output}");
            var (_, status) = await VigilProcess.RunAsync("status", "--state", _folder["state"]);
            Assert.Contains("problem: hook: 1 notices of alarms wait: 127.0.0.1 answered 503", status, Text);
            await vigil.KillAsync();
        }

        hook.IsDown = false;
        await using (var vigil = StartHooked(hook))
        {
            await Wait.UntilAsync(() => hook.Posts.Count > 0, () => $"nothing was posted; the agent:\n{vigil.Output}");

            // What comes after it shows that it came once.
            await AppendAsync(Line("marker"));
            await Wait.UntilAsync(() => hook.Posts.Count > 1, () => $"nothing was posted; the agent:\n{vigil.Output}");
            Assert.Equal(["failed-su ALARM", "marker ALARM"], hook.States);
            Assert.Equal(0, await vigil.StopAsync());
        }

        var post = hook.Posts.First();
        Assert.Equal(
            $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8, post.Body))}",
            post["X-Vigil-Signature"]);
        Assert.Equal(3, Webhook.Json(post).GetProperty("Vigil").GetProperty("Lines").GetArrayLength());
    }

    [Fact]
    public async Task AKillBetweenTwoWrongPasswordsCountsNoneTwice()
    {
        using var hook = new Webhook();
        await File.WriteAllTextAsync(_folder["secure"], "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder["secret"], "x", TestContext.Current.CancellationToken);
        for (var i = 1; i <= 2; i++)
        {
            await using var vigil = StartHooked(hook);
            await vigil.SaysAsync("Watching");
            await AppendAsync(Wrong($"{i}") + Line("marker"));
            await Wait.UntilAsync(
                () => hook.States.Contains("marker ALARM") && State.Observed(_folder, "failed-su") == i,
                () => $"{State.Observed(_folder, "failed-su")} observed; the agent:\n{vigil.Output}");
            await vigil.KillAsync();
        }

        await using var last = StartHooked(hook);
        await last.SaysAsync("Watching");
        await AppendAsync(Wrong("3"));
        await Wait.UntilAsync(
            () => hook.States.Contains("failed-su ALARM"), () => $"nothing was posted; the agent:\n{last.Output}");
        var alarm = hook.Posts.Select(Webhook.Json)
            .Single(json => json.GetProperty("AlarmName").GetString() == "failed-su");
        Assert.Contains("[3.0 (", alarm.GetProperty("NewStateReason").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Who sees nothing must not say that all is well.</summary>
    [Fact]
    public async Task AFileThatIsNotThereOrMayNotBeReadIsSaidWithTheAlarms()
    {
        using var hook = new Webhook();
        await using var vigil = StartHooked(hook);
        await vigil.SaysAsync("Watching");

        var (exitCode, said) = await VigilProcess.RunAsync("alarms", "--state", _folder["state"]);

        Assert.Equal(4, exitCode);
        Assert.Contains($"{_folder["secure"]}: not watched: ", said, Text);
        await File.WriteAllTextAsync(_folder["secure"], Line("x"), TestContext.Current.CancellationToken);
        await Wait.UntilAsync(
            async () => (await VigilProcess.RunAsync("alarms", "--state", _folder["state"])).ExitCode == 0,
            () => vigil.Output);
    }

    [Fact]
    public async Task AReloadThatChangesWhatIsWatchedCountsNoLineTwiceAndMissesNone()
    {
        using var hook = new Webhook();
        await File.WriteAllTextAsync(_folder["secure"], "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder["secret"], "x", TestContext.Current.CancellationToken);
        await using var vigil = StartHooked(hook);
        await vigil.SaysAsync("Watching; detections: 2");
        for (var i = 1; i <= 2; i++)
        {
            await AppendAsync(Wrong($"{i}"));
            var more = Enumerable.Range(0, i).Select(n => Detection($"more-{n}", "more", "hook"));
            Write(Channel(hook), [.. Hooked, .. more]);
            await AppendAsync(Line("noise"));
            vigil.HangUp();
            await vigil.SaysAsync($"Watching; detections: {2 + i}");
        }

        await AppendAsync(Wrong("3") + Line("more") + Line("more") + Line("more"));

        await Wait.UntilAsync(
            () => hook.Posts.Count == 3, () => $"{hook.Posts.Count} posts; the agent:\n{vigil.Output}");
        Assert.Equal(
            ["failed-su ALARM", "more-0 ALARM", "more-1 ALARM"], hook.States.Order(StringComparer.Ordinal));
        var su = hook.Posts.Select(Webhook.Json)
            .Single(json => json.GetProperty("AlarmName").GetString() == "failed-su");
        Assert.Contains("[3.0 (", su.GetProperty("NewStateReason").GetString(), Text);
        Assert.Equal(0, await vigil.StopAsync());
    }

    string[] Hooked =>
    [
        Detection("failed-su", "authentication failure", "hook"), Detection("marker", "marker", "hook", threshold: 0)
    ];

    VigilProcess StartHooked(Webhook hook) => Start(
        Channel(hook), Hooked);

    string Channel(Webhook hook) => $$"""
        { "name": "hook", "type": "webhook", "url": "{{hook.Url}}", "secret_file": "{{_folder["secret"]}}" }
        """;

    VigilProcess Start(string channel, params string[] detections) => VigilProcess.Start(
        "run", "--state", _folder["state"], "--config", Write(channel, detections));

    // Nobody listens at the endpoint.
    string Write(string channel, string[] detections) => Configuration.WriteList(
        _folder, new($"http://127.0.0.1:{_nobody}"), [Configuration.Entry(_folder["secure"])],
        vigil: $$"""
            , "memory_budget_mb": {{BudgetMegabytes}}, "notifications": [{{channel}}],
            "detections": [{{string.Join(", ", detections)}}]
            """);

    string Detection(string name, string pattern, string channel, int threshold = 2) => $$"""
        { "name": "{{name}}", "file_path": "{{_folder["secure"]}}", "pattern": "\"{{pattern}}\"",
          "alarm": { "threshold": {{threshold}} }, "notify": ["{{channel}}"] }
        """;

    Task AppendAsync(string text) =>
        File.AppendAllTextAsync(_folder["secure"], text, TestContext.Current.CancellationToken);

    static string Wrong(string who) =>
        Line($"su[42]: pam_unix(su:auth): authentication failure; logname= uid=1000 user=dbdev {who}");

    static string Line(string text) => string.Create(
        CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():MMM dd HH:mm:ss} web-1 {text}\n");
}
