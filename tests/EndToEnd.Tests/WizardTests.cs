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
