using System.Text.Json;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary><c>vigil wizard</c> as a process: what it leaves behind, and what it does not.</summary>
public sealed class WizardTests : IDisposable
{
    const string Answers = "1 1 2 2 2 2 2 1 /var/log/secure database_server_security_logs - - - 2 2";

    static readonly string Document =
        """
        {
            "agent": {
                "run_as_user": "root"
            },
            "logs": {
                "logs_collected": {
                    "files": {
                        "collect_list": [
                            {
                                "file_path": "/var/log/secure",
                                "log_group_class": "STANDARD",
                                "log_group_name": "database_server_security_logs",
                                "log_stream_name": "{instance_id}",
                                "retention_in_days": -1
                            }
                        ]
                    }
                }
            }
        }
        """.Replace("    ", "\t", StringComparison.Ordinal);

    readonly TestFolder _folder = new();

    [Fact]
    public async Task ByTheNameThatTutorialsUseItWritesWhereTheyLook()
    {
        var link = _folder["amazon-cloudwatch-agent-config-wizard"];
        File.CreateSymbolicLink(link, Binary.Path);
        await using var wizard = VigilProcess.StartBy(
            ["/bin/sh", "-c", $"exec '{link}' --root '{_folder["root"]}' < '{AnswersFile(Answers + " 2")}'"]);

        Assert.True(await wizard.ExitedAsync() == 0, wizard.Output);
        Assert.Contains("Program exits now", wizard.Output, StringComparison.Ordinal);
        Assert.Equal(Document, ReadFile("root/opt/aws/amazon-cloudwatch-agent/bin/config.json"));
    }

    [Fact]
    public async Task WhatWasThereBeforeIsKept()
    {
        Directory.CreateDirectory(_folder["etc"]);
        for (var i = 1; i <= 12; i++)
        {
            await File.WriteAllTextAsync(
                _folder["etc/config.json"], $"number {i}", TestContext.Current.CancellationToken);
            Assert.Equal(0, (await RunAsync(Answers + " 2")).ExitCode);
        }

        Assert.Equal(Document, ReadFile("etc/config.json"));
        Assert.Equal("number 12", ReadFile("etc/backups/config-12.json"));
        Assert.Equal(10, Directory.GetFiles(_folder["etc/backups"]).Length);
        Assert.False(File.Exists(_folder["etc/backups/config-2.json"]));
    }

    [Fact]
    public async Task AnswersThatEndTooSoonWriteNothing()
    {
        var (exitCode, said) = await RunAsync("1 1 2 2 2 2 2 1 /var/log/secure");

        Assert.Equal(2, exitCode);
        Assert.Contains(
            "the answers ended before the one to \"Log group name:\"; nothing was written", said,
            StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["etc"]));
    }

    [Fact]
    public async Task WhatHasFaultsReplacesNothingAndGoesToNoStore()
    {
        Directory.CreateDirectory(_folder["etc"]);
        await File.WriteAllTextAsync(_folder["etc/config.json"], "before", TestContext.Current.CancellationToken);
        var (exitCode, said) = await RunAsync("1 1 2 2 2 2 2 1 /a b<c - - - 2 2 1 - -");

        Assert.Equal(2, exitCode);
        Assert.Contains("log_group_name", said, StringComparison.Ordinal);
        Assert.Equal("before", ReadFile("etc/config.json"));
        Assert.Contains("b\\u003cc", ReadFile("etc/config.json.faulty"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheLastAnswerItSaysThatTheFileIsWritten()
    {
        var (exitCode, said) = await RunAsync(Answers);

        Assert.Equal(2, exitCode);
        Assert.Contains($"{_folder["etc/config.json"]} is written", said, StringComparison.Ordinal);
        Assert.Equal(Document, ReadFile("etc/config.json"));
    }

    [Fact]
    public async Task WhoeverInterruptsItFindsNothingWritten()
    {
        // The pipe stays open: it waits for an answer that never comes.
        await using var wizard = VigilProcess.StartBy(
            ["/bin/sh", "-c", $"mkfifo '{_folder["never"]}'; exec \"$0\" \"$@\" <> '{_folder["never"]}'"],
            "wizard", "--output", _folder["etc/config.json"]);
        await wizard.SaysAsync("On which OS");

        Assert.Equal(1, await wizard.StopAsync());
        Assert.Contains("nothing was written", wizard.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["etc"]));
    }

    [Fact]
    public async Task ADryRunShowsAndWritesNothing()
    {
        var (exitCode, said) = await RunAsync(Answers + " 2", "--dry-run");

        Assert.Equal(0, exitCode);
        Assert.Contains(Document, said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["etc"]));
    }

    [Fact]
    public async Task TheParameterStoreGetsIt()
    {
        Moto.SkipUnlessInstalled();
        await using var moto = await Moto.StartAsync();
        await using var wizard = VigilProcess.Start(
            new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_SSM"] = $"{moto.Endpoint}" },
            "wizard", "--compat", "2023", "--output", _folder["etc/config.json"],
            "--answers", AnswersFile(Answers + " 1 - -"));

        Assert.True(await wizard.ExitedAsync() == 0, wizard.Output);
        var kept = await AwsCli.RunAsync(
            moto.Endpoint, "ssm", "get-parameter", "--name", "AmazonCloudWatch-linux", "--query", "Parameter.Value",
            "--output", "text");
        Assert.Equal(Document, kept.TrimEnd('\n'));
    }

    [Fact]
    public async Task FlagsAreAnswersToo()
    {
        var (exitCode, said) = await VigilProcess.RunAsync(
            "wizard", "--output", _folder["config.json"], "--file", "/var/log/secure", "--group", "g", "--stream", "s",
            "--retention", "30");

        Assert.True(exitCode == 0, said);
        Assert.DoesNotContain("Do you want", said, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(ReadFile("config.json"));
        var file = document.RootElement.GetProperty("logs").GetProperty("logs_collected").GetProperty("files")
            .GetProperty("collect_list")[0];
        Assert.Equal(
            ("/var/log/secure", "g", "s", 30),
            (file.GetProperty("file_path").GetString(), file.GetProperty("log_group_name").GetString(),
                file.GetProperty("log_stream_name").GetString(), file.GetProperty("retention_in_days").GetInt32()));
    }

    [Theory]
    [InlineData("a retention is one of -1, 1, 3", "--file", "/a", "--retention", "2")]
    [InlineData("about the file that --file names", "--group", "g")]
    public async Task FlagsThatCannotBeAreRefused(string why, params string[] flags)
    {
        var (exitCode, said) = await VigilProcess.RunAsync(["wizard", "--output", _folder["config.json"], .. flags]);

        Assert.Equal(2, exitCode);
        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["config.json"]));
    }

    [Fact]
    public async Task AtATerminalItAsksToPutTheConfigurationInForceAndSeesThatItWorks()
    {
        Assert.SkipUnless(Tool.IsOnPath("script"), "there is no script, which makes a terminal, here");
        using var log = new SecureLog(_folder["secure"]);
        log.Append(3);
        await using var cloud = await Cloud.StartAsync(_folder);
        Directory.CreateDirectory(_folder["root/etc/vigil/config.d"]);
        File.Move(
            Configuration.WriteList(_folder, cloud.Endpoint, [Configuration.Entry(_folder["other"])]),
            _folder["root/etc/vigil/config.d/before.json"]);
        await using var vigil = VigilProcess.Start(
            new Dictionary<string, string?> { ["AWS_ENDPOINT_URL"] = $"{cloud.Endpoint}" },
            "run", "--config", _folder["root/etc/vigil/config.d"], "--state", _folder["root/var/lib/vigil"]);
        await vigil.SaysAsync("Started");
        var answers = Answers.Replace("/var/log/secure", _folder["secure"], StringComparison.Ordinal) + " 2 1";
        await using var wizard = VigilProcess.StartBy(
            ["/bin/sh", "-c", $"exec script -qec \"$0 $*\" /dev/null < '{AnswersFile(answers)}'"],
            "wizard", "--compat", "2023", "--root", _folder["root"], "--output", "/etc/vigil/config.json");

        Assert.True(await wizard.ExitedAsync() == 0, wizard.Output);
        Assert.Contains("in force now", wizard.Output, StringComparison.Ordinal);
        Assert.Contains("It works: log events of", wizard.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    Task<(int ExitCode, string Output)> RunAsync(string answers, params string[] options) => VigilProcess.RunAsync(
    [
        "wizard", "--compat", "2023", "--output", _folder["etc/config.json"], "--answers", AnswersFile(answers),
        .. options
    ]);

    // A hyphen is an empty answer.
    string AnswersFile(string answers)
    {
        File.WriteAllLines(_folder["answers"], answers.Split(' ').Select(answer => answer == "-" ? "" : answer));
        return _folder["answers"];
    }

    string ReadFile(string name) => File.ReadAllText(_folder[name]);
}
