using System.Net;
using System.Net.Sockets;
using LocalCloud.Tests.Support;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Tests;

public sealed class LifetimeTests
{
    [Fact]
    public async Task What_was_answered_is_there_after_a_restart_under_the_same_ids()
    {
        using var folder = new TemporaryFolder();
        string[] ids;
        await using (var before = await RunningCloud.StartWithStreamAsync(folder.Path))
        {
            await before.PutAsync((before.Now, "kept"));
            ids = (await before.CallAsync("FilterLogEvents", """{"logGroupName":"g"}""")).Texts("events", "eventId");
        }

        await using var after = await RunningCloud.StartAsync(folder.Path);
        await after.PutAsync((after.Now, "new"));
        var events = await after.CallAsync("FilterLogEvents", """{"logGroupName":"g"}""");
        Assert.Equal(["kept", "new"], events.Texts("events", "message"));
        Assert.Equal(ids[0], events.Texts("events", "eventId")[0]);
        Assert.NotEqual(ids[0], events.Texts("events", "eventId")[1]);
    }

    [Fact]
    public async Task A_folder_that_another_server_holds_is_not_taken_until_that_one_stops()
    {
        using var folder = new TemporaryFolder();
        await using (await RunningCloud.StartAsync(folder.Path))
        {
            var refused = await Assert.ThrowsAsync<LocalCloudException>(() => RunningCloud.StartAsync(folder.Path));
            Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
        }

        await using var taken = await RunningCloud.StartAsync(folder.Path);
    }

    [Fact]
    public async Task A_port_in_use_is_said_and_the_folder_let_go()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var options = new LocalCloudOptions { DataFolder = folder.Path, Port = ((IPEndPoint)other.LocalEndpoint).Port };
        var refused = await Assert.ThrowsAsync<LocalCloudException>(
            () => LocalCloudServer.StartAsync(options, TimeProvider.System, CancellationToken.None));
        Assert.Contains($"Port {options.Port} of 127.0.0.1", refused.Message, StringComparison.Ordinal);
        await using var taken = await RunningCloud.StartAsync(folder.Path);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_and_a_file_that_is_no_database_are_said()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<LocalCloudException>(() => RunningCloud.StartAsync(file));
        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "logs.db"), new string('x', 4096), TestContext.Current.CancellationToken);
        refused = await Assert.ThrowsAsync<LocalCloudException>(() => RunningCloud.StartAsync(folder.Path));
        Assert.Contains("cannot be opened", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_group_or_stream_is_gone_at_once_and_its_name_starts_anew()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        await cloud.PutAsync((cloud.Now, "old"));
        (await cloud.CallAsync("DeleteLogStream", """{"logGroupName":"g","logStreamName":"s"}""")).MustSucceed();
        Assert.Empty((await cloud.CallAsync("FilterLogEvents", """{"logGroupName":"g"}""")).List("events"));
        Assert.Equal(0, (await cloud.CallAsync("DescribeLogGroups", "{}")).List("logGroups")[0]
            .GetProperty("storedBytes").GetInt64());
        (await cloud.CallAsync("CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""")).MustSucceed();
        await cloud.PutAsync((cloud.Now, "newer"));

        (await cloud.CallAsync("DeleteLogGroup", """{"logGroupName":"g"}""")).MustSucceed();
        Assert.Empty((await cloud.CallAsync("DescribeLogGroups", "{}")).List("logGroups"));
        (await cloud.CallAsync("CreateLogGroup", """{"logGroupName":"g"}""")).MustSucceed();
        Assert.Empty((await cloud.CallAsync("DescribeLogStreams", """{"logGroupName":"g"}""")).List("logStreams"));
        Assert.Empty((await cloud.CallAsync("FilterLogEvents", """{"logGroupName":"g"}""")).List("events"));
    }

    [Fact]
    public async Task A_protected_group_is_not_deleted()
    {
        await using var cloud = await RunningCloud.StartAsync();
        await cloud.CallAsync("CreateLogGroup", """{"logGroupName":"g","deletionProtectionEnabled":true}""");
        Assert.Equal("ValidationException", (await cloud.CallAsync("DeleteLogGroup", """{"logGroupName":"g"}""")).Type);
    }

    [Fact]
    public async Task Events_past_retention_are_not_shown_and_leave_the_disk()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        await cloud.PutAsync((cloud.Now, "old"), (cloud.Now + 3_600_000, "young"));
        await cloud.CallAsync("PutRetentionPolicy", """{"logGroupName":"g","retentionInDays":1}""");
        cloud.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(1));
        foreach (var action in (string[])["FilterLogEvents", "GetLogEvents"])
        {
            var stream = action == "GetLogEvents" ? ",\"logStreamName\":\"s\"" : "";
            var reply = await cloud.CallAsync(action, $$"""{"logGroupName":"g"{{stream}}}""");
            Assert.Equal(["young"], reply.Texts("events", "message"));
        }

        // The sweep is woken by the clock, so what is stored shrinks within moments.
        await EventuallyAsync(async () => (await cloud.CallAsync("DescribeLogGroups", "{}")).List("logGroups")[0]
            .GetProperty("storedBytes").GetInt64() == "young".Length + 26);
        await cloud.CallAsync("DeleteRetentionPolicy", """{"logGroupName":"g"}""");
        Assert.Single((await cloud.CallAsync("FilterLogEvents", """{"logGroupName":"g"}""")).List("events"));
    }

    [Fact]
    public async Task A_large_deleted_group_leaves_the_disk_while_puts_go_on()
    {
        using var folder = new TemporaryFolder();
        await using var cloud = await RunningCloud.StartWithStreamAsync(folder.Path);
        for (var put = 0; put < 3; put++)
            await cloud.PutAsync(Enumerable.Repeat((cloud.Now, "m"), 10_000).ToArray());
        await cloud.CallAsync("DeleteLogGroup", """{"logGroupName":"g"}""");
        await cloud.CallAsync("CreateLogGroup", """{"logGroupName":"g"}""");
        await cloud.CallAsync("CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""");
        (await cloud.PutAsync((cloud.Now, "m"))).MustSucceed();
        await using var database = Open(folder.Path);
        await using var count = database.CreateCommand();
        count.CommandText = "SELECT count(*) FROM events";
        await EventuallyAsync(async () =>
            await count.ExecuteScalarAsync(TestContext.Current.CancellationToken) is 1L);
    }

    [Fact]
    public async Task A_store_that_fails_is_unavailable_stores_nothing_of_the_batch_and_recovers()
    {
        using var folder = new TemporaryFolder();
        await using var cloud = await RunningCloud.StartWithStreamAsync(folder.Path);
        await ExecuteAsync(
            folder.Path,
            "CREATE TRIGGER fault BEFORE INSERT ON events WHEN new.message = CAST('b' AS BLOB) "
            + "BEGIN SELECT RAISE(FAIL, 'the disk is full'); END");
        var reply = await cloud.PutAsync((cloud.Now, "a"), (cloud.Now, "b"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status);
        Assert.Equal("ServiceUnavailableException", reply.Type);
        await ExecuteAsync(folder.Path, "DROP TRIGGER fault");
        Assert.Empty((await cloud.CallAsync("FilterLogEvents", """{"logGroupName":"g"}""")).List("events"));
        (await cloud.PutAsync((cloud.Now, "b"))).MustSucceed();
    }

    static SqliteConnection Open(string folder)
    {
        var database = new SqliteConnection($"Data Source={Path.Combine(folder, "logs.db")};Pooling=False");
        database.Open();
        return database;
    }

    static async Task ExecuteAsync(string folder, string sql)
    {
        await using var database = Open(folder);
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!await condition())
        {
            // waits for the condition
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }
    }
}
