using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary><c>vigil ctl</c> by the CloudWatch agent's name, under a folder: what scripts type and look for.</summary>
public sealed partial class CtlTests : IDisposable
{
    readonly TestFolder _folder = new();

    [Fact]
    public async Task FetchingAConfigurationSaysWhatScriptsLookForAndTakesIt()
    {
        var (exitCode, said) = await CtlAsync("-a", "fetch-config", "-m", "ec2", "-c", $"file:{Config("config.json")}");

        Assert.True(exitCode == 0, said);
        var lines = said.Split('\n').Select(line => Time().Replace(line, ""));
        string[] expected =
        [
            "****** processing amazon-cloudwatch-agent ******", "Start configuration validation...",
            "I! Valid Json input schema.", "Configuration validation first phase succeeded",
            "Configuration validation second phase succeeded", "Configuration validation succeeded"
        ];
        Assert.Equal(expected, lines.Where(expected.Contains));
        Assert.Equal(["file_config.json"], Names("amazon-cloudwatch-agent.d"));
    }

    [Fact]
    public async Task ABadConfigurationIsNamedAndReplacesNothing()
    {
        await CtlAsync("-a", "fetch-config", "-c", $"file:{Config("good.json")}");
        var bad = Write("bad.json", "{\n  \"logs\": {\n    \"log_stream\": \"x\"\n  }\n}");
        var (exitCode, said) = await CtlAsync("-a", "fetch-config", "-s", "-c", $"file:{bad}");

        Assert.Equal(1, exitCode);
        Assert.Contains($"error: {bad}:3:5: logs.log_stream: ", said, StringComparison.Ordinal);
        Assert.Contains("Configuration validation first phase failed", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Configuration validation succeeded", said, StringComparison.Ordinal);
        Assert.Equal(["file_good.json"], Names("amazon-cloudwatch-agent.d"));
        Assert.Empty(Names("backup-configs"));
    }

    [Fact]
    public async Task WhatIsReplacedIsKeptAndWhatIsAppendedIsMerged()
    {
        await CtlAsync("-a", "fetch-config", "-c", $"file:{Config("one.json", "/one")}");
        await CtlAsync("-a", "fetch-config", "-c", $"file:{Config("two.json", "/two")}");
        Assert.Equal(["file_two.json"], Names("amazon-cloudwatch-agent.d"));
        Assert.Equal(["file_one.json.1"], Names("backup-configs"));

        var (exitCode, said) = await CtlAsync("-a", "append-config", "-c", $"file:{Config("one.json", "/one")}");
        Assert.True(exitCode == 0, said);
        Assert.Equal(["file_one.json", "file_two.json"], Names("amazon-cloudwatch-agent.d"));

        // What would not go with the others is not taken.
        var other = Write("other.json", """{ "agent": { "region": "eu-west-1" } }""");
        (exitCode, said) = await CtlAsync("-a", "append-config", "-c", $"file:{other}");
        Assert.Equal(1, exitCode);
        Assert.Contains(
            "agent.region: is \"us-east-1\", and \"eu-west-1\"", Swapped(said), StringComparison.Ordinal);

        Assert.Equal(0, (await CtlAsync("-a", "remove-config", "-c", "file:one.json")).ExitCode);
        Assert.Equal(["file_two.json"], Names("amazon-cloudwatch-agent.d"));
        Assert.Equal(2, (await CtlAsync("-a", "remove-config", "-c", "file:one.json")).ExitCode);
        (exitCode, said) = await CtlAsync("-a", "remove-config", "-c", "all");
        Assert.Equal(0, exitCode);
        Assert.Contains("all amazon-cloudwatch-agent configurations have been removed", said, StringComparison.Ordinal);
        Assert.Empty(Names("amazon-cloudwatch-agent.d"));
    }

    /// <summary>As one restores a backup. A file of that name would be passed over in the folder.</summary>
    [Fact]
    public async Task AFileOfAnyNameBecomesTheConfiguration()
    {
        var (exitCode, said) = await CtlAsync("-a", "fetch-config", "-c", $"file:{Config("config.json.bak")}");

        Assert.True(exitCode == 0, said);
        Assert.Equal(["file_config.json.bak.json"], Names("amazon-cloudwatch-agent.d"));
        Assert.Contains("\"configured\"", (await CtlAsync("-a", "status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotTakeItsPlaceRemovesNothing()
    {
        await CtlAsync("-a", "fetch-config", "-c", $"file:{Config("good.json")}");
        Directory.CreateDirectory(
            _folder["root/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d/file_next.json"]);
        var (exitCode, said) = await CtlAsync("-a", "fetch-config", "-c", $"file:{Config("next.json")}");

        Assert.Equal(2, exitCode);
        Assert.Contains("is a folder", said, StringComparison.Ordinal);
        Assert.Equal(["file_good.json"], Names("amazon-cloudwatch-agent.d"));
    }

    [Fact]
    public async Task WhatIsLeftAfterARemovalMustBeGood()
    {
        await CtlAsync("-a", "fetch-config", "-c", $"file:{Config("logs.json")}");
        var agent = Write("agent.json", """{ "agent": { "debug": true } }""");
        Assert.Equal(0, (await CtlAsync("-a", "append-config", "-c", $"file:{agent}")).ExitCode);
        var (exitCode, said) = await CtlAsync("-a", "remove-config", "-c", "file:logs.json");

        Assert.Equal(1, exitCode);
        Assert.Contains("no good configuration", said, StringComparison.Ordinal);
        Assert.Equal(["file_agent.json", "file_logs.json"], Names("amazon-cloudwatch-agent.d"));
    }

    [Fact]
    public async Task TheStatusIsTheCloudWatchAgentsAndTellsTheTruth()
    {
        Assert.Equal(
            "{\n  \"status\": \"stopped\",\n  \"starttime\": \"\",\n  \"configstatus\": \"not configured\",\n"
            + "  \"version\": \"V\"\n}",
            Version().Replace((await CtlAsync("-m", "ec2", "-a", "status")).Output.TrimEnd(), "\"version\": \"V\""));

        await using var cloud = await Cloud.StartAsync(_folder);
        var config = Write("config.json", await File.ReadAllTextAsync(
            Configuration.Write(_folder, cloud.Endpoint), TestContext.Current.CancellationToken));
        await CtlAsync("-a", "fetch-config", "-c", $"file:{config}");
        await using var vigil = VigilProcess.Start(
            "run", "--config", _folder["root/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d"],
            "--state", _folder["root/var/lib/vigil"]);
        await vigil.SaysAsync("Started");

        using var status = JsonDocument.Parse((await CtlAsync("-a", "status")).Output);
        Assert.Equal("running", status.RootElement.GetProperty("status").GetString());
        Assert.Equal("configured", status.RootElement.GetProperty("configstatus").GetString());
        Assert.Matches(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$", status.RootElement.GetProperty("starttime").GetString());
    }

    [Fact]
    public async Task WithoutSystemdItSaysHowToStart()
    {
        var (exitCode, said) = await CtlAsync("-a", "fetch-config", "-s", "-c", $"file:{Config("config.json")}");

        Assert.Equal(1, exitCode);
        Assert.Contains("Configuration validation succeeded", said, StringComparison.Ordinal);
        Assert.Contains(
            $"vigil run --config {_folder["root/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d"]}", said,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AParameterOfTheStoreIsFetched()
    {
        Moto.SkipUnlessInstalled();
        await using var moto = await Moto.StartAsync();
        await AwsCli.RunAsync(
            moto.Endpoint, "ssm", "put-parameter", "--name", "/fleet/logs", "--type", "String", "--value",
            await File.ReadAllTextAsync(Config("config.json"), TestContext.Current.CancellationToken));
        await using var ctl = VigilProcess.Start(
            new Dictionary<string, string?>
            {
                ["AWS_ENDPOINT_URL_SSM"] = $"{moto.Endpoint}",
                ["AWS_REGION"] = "us-east-1"
            },
            "ctl", "--root", _folder["root"], "-a", "fetch-config", "-c", "ssm:/fleet/logs");

        Assert.True(await ctl.ExitedAsync() == 0, ctl.Output);
        Assert.Equal(
            ["ssm__fleet_logs"], Directory.GetFiles(_folder["root/etc/vigil/config.d"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task AnAgentThatRunsTakesTheConfigurationOverAsItGoes()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await FetchAsync("fetch-config", Shipping(cloud, "one.json", Configuration.Entry(_folder["secure"])));
        await using var vigil = VigilProcess.Start(
            "run", "--config", _folder["root/etc/vigil/config.d"], "--state", _folder["root/var/lib/vigil"]);
        log.Append(10);
        await Support.Shipping.EndsInAsync(cloud, 9, vigil);

        await File.WriteAllTextAsync(_folder["other"], "of the other\n", Cancel);
        var (exitCode, said) = await FetchAsync(
            "append-config", Shipping(cloud, "two.json", Configuration.Entry(_folder["other"], "other")), "-s");
        Assert.True(exitCode == 0, said);
        Assert.Contains("has taken over the configuration as it runs", said, StringComparison.Ordinal);
        await cloud.HasLastAsync(Configuration.Group, "other", "of the other", vigil);

        (exitCode, said) = await VigilCtlAsync("-a", "set-log-level", "-l", "debug");
        Assert.True(exitCode == 0, said);
        log.Append(1);
        await vigil.SaysAsync("debug ");

        // Nothing is left to ship, and without systemd nobody can stop it but its owner.
        (exitCode, said) = await VigilCtlAsync("-a", "remove-config", "-s", "-c", "all");
        Assert.Equal(1, exitCode);
        Assert.Contains("by hand: stop the one that runs", said, StringComparison.Ordinal);
        Assert.Equal(0, await vigil.StopAsync());
    }

    [Fact]
    public async Task TheModeIsRememberedAndNamesTheStream()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        var entry = $$"""{ "file_path": "{{_folder["secure"]}}", "log_group_name": "{{Configuration.Group}}" }""";
        var config = Shipping(cloud, "one.json", entry);
        await FetchAsync("fetch-config", config, "-m", "onPremise");
        await FetchAsync("append-config", config);
        await using var vigil = VigilProcess.Start(
            "run", "--config", _folder["root/etc/vigil/config.d"], "--state", _folder["root/var/lib/vigil"]);
        log.Append(1);

        await cloud.HasLastAsync(Configuration.Group, Environment.MachineName, SecureLog.Line(0), vigil);
    }

    [Fact]
    public async Task WhatIsSetForTheEnvironmentStandsBesideTheConfiguration()
    {
        var (exitCode, said) = await VigilCtlAsync("-a", "set-env", "-e", "NO_PROXY=a=b");
        Assert.True(exitCode == 0, said);
        await VigilCtlAsync("-a", "set-log-level", "-l", "WARN");

        using var file = JsonDocument.Parse(
            await File.ReadAllTextAsync(_folder["root/etc/vigil/env-config.json"], Cancel));
        Assert.Equal(
            ["CWAGENT_LOG_LEVEL=WARN", "NO_PROXY=a=b"],
            file.RootElement.EnumerateObject().Select(one => $"{one.Name}={one.Value}"));
    }

    [Fact]
    public async Task TheOneFileOfOldVersionsIsTakenOverAndStays()
    {
        Directory.CreateDirectory(_folder["root/opt/aws/amazon-cloudwatch-agent/etc"]);
        var legacy = _folder["root/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.json"];
        File.Copy(Config("legacy.json"), legacy);
        var (_, said) = await CtlAsync("-a", "start");

        Assert.Contains($"{legacy} is taken over", said, StringComparison.Ordinal);
        Assert.True(File.Exists(legacy));
        Assert.Equal(["file_amazon-cloudwatch-agent.json"], Names("amazon-cloudwatch-agent.d"));
    }

    [Fact]
    public async Task ARefusedConfigurationChangesNothingBesideIt()
    {
        await FetchAsync("fetch-config", Write("bad.json", "{"), "-m", "onPremise");

        Assert.False(File.Exists(_folder["root/etc/vigil/env-config.json"]));
    }

    [Fact]
    public async Task OfWhatIsReplacedTheLastTenAreKept()
    {
        Directory.CreateDirectory(_folder["root/opt/aws/amazon-cloudwatch-agent/etc/backup-configs"]);
        await File.WriteAllTextAsync(
            _folder["root/opt/aws/amazon-cloudwatch-agent/etc/backup-configs/file_one.json"], "somebody's", Cancel);
        for (var i = 0; i < 12; i++)
        {
            await CtlAsync("-a", "fetch-config", "-c", $"file:{Config("one.json", $"/log{i}")}");
        }

        Assert.Equal(
            Enumerable.Range(2, 10).Select(number => $"file_one.json.{number}").Prepend("file_one.json")
                .Order(StringComparer.Ordinal),
            Names("backup-configs"));
    }

    [Theory]
    [InlineData("default configuration collects metrics", "-a", "fetch-config")]
    [InlineData("file:PATH or ssm:PARAMETER is needed", "-a", "fetch-config", "-c", "config.json")]
    [InlineData("is not there", "-a", "fetch-config", "-c", "file:/nonexistent/config.json")]
    [InlineData("there is no configuration in", "-a", "start")]
    [InlineData("query", "-a", "query")]
    [InlineData("moon", "-a", "status", "-m", "moon")]
    [InlineData("one of DEBUG, INFO, WARN, ERROR, OFF", "-a", "set-log-level", "-l", "LOUD")]
    [InlineData("KEY=VALUE is needed", "-a", "set-env", "-e", "=1")]
    public async Task WhatCannotBeDoneIsRefused(string why, params string[] arguments)
    {
        var (exitCode, said) = await CtlAsync(arguments);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // A configuration that an agent can run by, without the wait of a usual one.
    string Shipping(Cloud cloud, string name, string entry)
    {
        var written = Configuration.WriteList(_folder, cloud.Endpoint, [entry]);
        File.Move(written, _folder[name], overwrite: true);
        return _folder[name];
    }

    Task<(int ExitCode, string Output)> FetchAsync(string action, string config, params string[] more) =>
        VigilCtlAsync(["-a", action, "-c", $"file:{config}", .. more]);

    Task<(int ExitCode, string Output)> VigilCtlAsync(params string[] arguments) =>
        VigilProcess.RunAsync(["ctl", "--root", _folder["root"], .. arguments]);

    async Task<(int ExitCode, string Output)> CtlAsync(params string[] arguments)
    {
        var link = _folder["amazon-cloudwatch-agent-ctl"];
        if (!File.Exists(link))
        {
            File.CreateSymbolicLink(link, Binary.Path);
        }

        await using var ctl = VigilProcess.StartBy(
            ["/bin/sh", "-c", $"shift; exec '{link}' \"$@\"", "sh"], ["--root", _folder["root"], .. arguments]);
        return (await ctl.ExitedAsync(), ctl.Output);
    }

    string Config(string name, string file = "/var/log/secure") => Write(
        name,
        $$"""
        { "agent": { "region": "us-east-1" }, "logs": { "logs_collected": { "files": { "collect_list": [
          { "file_path": "{{file}}", "log_group_name": "g" } ] } } } }
        """);

    string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    IEnumerable<string?> Names(string folder)
    {
        var path = _folder[$"root/opt/aws/amazon-cloudwatch-agent/etc/{folder}"];
        return Directory.Exists(path) ? Directory.GetFiles(path).Select(Path.GetFileName).Order() : [];
    }

    // Which of the two is the first depends on their names.
    static string Swapped(string said) => said.Replace(
        "is \"eu-west-1\", and \"us-east-1\"", "is \"us-east-1\", and \"eu-west-1\"", StringComparison.Ordinal);

    [GeneratedRegex("""^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d """)]
    private static partial Regex Time();

    [GeneratedRegex("""
        "version": "[^"]+"
        """)]
    private static partial Regex Version();
}
