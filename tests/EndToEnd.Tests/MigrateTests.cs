using EndToEnd.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Vigil takes the place of another agent: nothing is sent twice, nothing is left out.</summary>
public sealed class MigrateTests : IDisposable
{
    const string AgentHome = "root/opt/aws/amazon-cloudwatch-agent";

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatTheCloudWatchAgentHasSentIsNotSentAgain()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await LeaveAgentAsync(cloud, $"0-{60 * SecureLog.LineBytes}");

        Assert.Equal(Enumerable.Range(60, 40), await MigratedAsync(cloud, log, lines: 40));
    }

    [Fact]
    public async Task BehindAGapOfWhatWasSentAllIsSentAgain()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await LeaveAgentAsync(
            cloud, $"0-{10 * SecureLog.LineBytes},{20 * SecureLog.LineBytes}-{60 * SecureLog.LineBytes}");

        Assert.Equal(Enumerable.Range(10, 90), await MigratedAsync(cloud, log, lines: 90));
    }

    [Fact]
    public async Task ALogThatWasRotatedSinceIsReadOnUnderItsNewName()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await LeaveAgentAsync(cloud, $"0-{60 * SecureLog.LineBytes}");
        await ClockTicksAsync();
        log.Rename(_folder["secure.1"]);
        log.Append(100);

        Assert.Equal(Enumerable.Range(60, 140), await MigratedAsync(cloud, log, lines: 140));
    }

    [Fact]
    public async Task ALogThatCameAndWentWhileNobodyReadIsReadToo()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await LeaveAgentAsync(cloud, $"0-{60 * SecureLog.LineBytes}");
        await ClockTicksAsync();
        log.Rename(_folder["secure.2"]);
        log.Append(100);
        log.Rename(_folder["secure.1"]);
        log.Append(100);

        Assert.Equal(Enumerable.Range(60, 240), await MigratedAsync(cloud, log, lines: 240));
    }

    [Fact]
    public async Task AnOffsetWithinALineSendsThatLineWhole()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await LeaveAgentAsync(cloud, $"0-{(60 * SecureLog.LineBytes) + 7}");

        Assert.Equal(Enumerable.Range(60, 40), await MigratedAsync(cloud, log, lines: 40));
    }

    [Fact]
    public async Task WhatFluentBitHasReadIsNotSentAgain()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        Directory.CreateDirectory(_folder["root/etc/fluent-bit"]);
        await File.WriteAllTextAsync(_folder["root/etc/fluent-bit/fluent-bit.conf"],
            $"""
            [INPUT]
                Name  tail
                Path  {_folder["secure"]}
                DB    /tail.db
            [OUTPUT]
                Name            cloudwatch_logs
                Match           *
                region          us-east-1
                endpoint        127.0.0.1
                port            {cloud.Endpoint.Port}
                tls             Off
                log_key         log
                log_group_name  {Configuration.Group}
                log_stream_name {Configuration.Stream}
            """, Cancel);
        RememberInDatabase(_folder["root/tail.db"], _folder["secure"], 60 * SecureLog.LineBytes);

        Assert.Equal(Enumerable.Range(60, 40), await MigratedAsync(cloud, log, lines: 40));
    }

    [Fact]
    public async Task ADryRunShowsAllAndWritesNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await LeaveAgentAsync(cloud, $"0-{60 * SecureLog.LineBytes}");
        var (exitCode, said) = await MigrateAsync("--dry-run");

        Assert.True(exitCode == 0, said);
        Assert.Contains("goes on at byte", said, StringComparison.Ordinal);
        Assert.Contains("\"log_group_name\"", said, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder["root/etc"]));
        Assert.False(Path.Exists(_folder["root/var"]));
    }

    [Fact]
    public async Task ASecondTimeIsRefused()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await LeaveAgentAsync(cloud, "0-0");
        Assert.Equal(0, (await MigrateAsync()).ExitCode);
        var (exitCode, said) = await MigrateAsync();

        Assert.Equal(2, exitCode);
        Assert.Contains("is configured already", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereThereIsNothingToTakeOverThatIsSaid()
    {
        var (exitCode, said) = await MigrateAsync();

        Assert.Equal(2, exitCode);
        Assert.Contains("no configuration of cloudwatch-agent, awslogs, fluent-bit", said, StringComparison.Ordinal);
    }

    Task<(int ExitCode, string Output)> MigrateAsync(params string[] more) =>
        VigilProcess.RunAsync(["migrate", "--root", _folder["root"], .. more]);

    // The numbers of the lines that arrive once Vigil runs on what it took over: the last one, and as many as there
    // must be, since requests overtake one another.
    async Task<List<int>> MigratedAsync(Cloud cloud, SecureLog log, int lines)
    {
        var (exitCode, said) = await MigrateAsync();
        Assert.True(exitCode == 0, said);
        await using var vigil = VigilProcess.Start(
            "run", "--config", _folder["root/etc/vigil/config.d"], "--state", _folder["root/var/lib/vigil"]);
        await Shipping.EndsInAsync(cloud, log.Written - 1, vigil);
        List<int> numbers = [];
        await Wait.UntilAsync(
            async () => (numbers = await cloud.NumbersAsync(Configuration.Group, Configuration.Stream)).Count >= lines,
            () => $"of {lines} lines arrived {string.Join(' ', numbers)}\n{vigil.Output}");
        return numbers;
    }

    // Files that are made within one tick of the kernel's clock have one age.
    Task ClockTicksAsync()
    {
        Agent.Native.FileFacts.TryOf(State, out var before, out _);
        return Wait.UntilAsync(
            () =>
            {
                File.Delete(_folder["tick"]);
                File.Create(_folder["tick"]).Dispose();
                return Agent.Native.FileFacts.TryOf(_folder["tick"], out var now, out _) && now.Born > before.Modified;
            },
            () => "the clock stands still");
    }

    string State => _folder[$"{AgentHome}/logs/state/{_folder["secure"].Replace('/', '_')}"];

    async Task LeaveAgentAsync(Cloud cloud, string ranges)
    {
        Directory.CreateDirectory(_folder[$"{AgentHome}/etc/amazon-cloudwatch-agent.d"]);
        Directory.CreateDirectory(_folder[$"{AgentHome}/logs/state"]);
        var config = Configuration.WriteList(_folder, cloud.Endpoint, [Configuration.Entry(_folder["secure"])]);
        File.Move(config, _folder[$"{AgentHome}/etc/amazon-cloudwatch-agent.d/file_config.json"]);
        await File.WriteAllTextAsync(
            State, $"{ranges.Split('-')[^1]}\n{_folder["secure"]}\n{ranges}", Cancel);
    }

    static void RememberInDatabase(string database, string path, long offset)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            CREATE TABLE in_tail_files (id INTEGER PRIMARY KEY, name TEXT NOT NULL, offset INTEGER, inode INTEGER,
                created INTEGER, rotated INTEGER DEFAULT 0);
            INSERT INTO in_tail_files (name, offset, inode, created) VALUES ($path, $offset, $inode, 0);
            """;
        Agent.Native.FileFacts.TryOf(path, out var facts, out _);
        command.Parameters.AddWithValue("$path", path);
        command.Parameters.AddWithValue("$offset", offset);
        command.Parameters.AddWithValue("$inode", (long)facts.Inode);
        command.ExecuteNonQuery();
    }
}
