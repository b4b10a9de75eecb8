using System.Text.Json;
using LocalCloud.Tests.Support;

namespace LocalCloud.Tests;

public sealed class DescribeTests
{
    [Fact]
    public async Task A_group_is_described_with_what_the_service_says_of_it()
    {
        await using var cloud = await RunningCloud.StartAsync();
        await cloud.CallAsync(
            "CreateLogGroup", """{"logGroupName":"/a/b#c","logGroupClass":"STANDARD","tags":{"k":"v"}}""");
        var arn = "arn:aws:logs:us-east-1:000000000000:log-group:/a/b#c";
        Assert.Equal(
            $$"""
            {"logGroupName":"/a/b#c","creationTime":{{cloud.Now}},"metricFilterCount":0,
            "arn":"{{arn}}:*","storedBytes":0,"logGroupClass":"STANDARD",
            "logGroupArn":"{{arn}}","deletionProtectionEnabled":false}
            """.ReplaceLineEndings(""),
            (await GroupsAsync(cloud, "{}"))[0].GetRawText());
        Assert.Equal(
            $$"""
            {"logGroupName":"/a/b#c","creationTime":{{cloud.Now}},"metricFilterCount":0,
            "arn":"{{arn}}:*","logGroupClass":"STANDARD","logGroupArn":"{{arn}}"}
            """.ReplaceLineEndings(""),
            (await GroupsAsync(cloud, """{"logGroupNamePattern":"b#"}"""))[0].GetRawText());
    }

    [Theory]
    [InlineData("{}", "App,app-1,app-2,other")]
    [InlineData("""{"logGroupNamePrefix":"app"}""", "app-1,app-2")]
    [InlineData("""{"logGroupNamePattern":"pp"}""", "App,app-1,app-2")]
    [InlineData("""{"logGroupNamePattern":"PP"}""", "")]
    [InlineData("""{"logGroupNamePattern":""}""", "App,app-1,app-2,other")]
    [InlineData("""{"logGroupClass":"STANDARD"}""", "App,app-1,app-2")]
    [InlineData("""{"logGroupClass":"ESSENTIALS"}""", "other")]
    [InlineData(
        """{"logGroupIdentifiers":["other","arn:aws:logs:us-east-1:000000000000:log-group:App"]}""", "App,other")]
    public async Task Groups_are_listed_in_ASCII_order_and_chosen_as_asked(string body, string expected)
    {
        await using var cloud = await RunningCloud.StartAsync();
        foreach (var name in (string[])["app-2", "App", "app-1"])
            await cloud.CallAsync("CreateLogGroup", $$"""{"logGroupName":"{{name}}"}""");
        await cloud.CallAsync("CreateLogGroup", """{"logGroupName":"other","logGroupClass":"INFREQUENT_ACCESS"}""");
        Assert.Equal(expected, string.Join(',', (await cloud.CallAsync("DescribeLogGroups", body)).MustSucceed()
            .Texts("logGroups", "logGroupName")));
    }

    [Fact]
    public async Task Pages_hold_fifty_or_as_many_as_asked_and_lead_to_the_end()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        for (var n = 0; n < 51; n++)
        {
            await cloud.CallAsync("CreateLogGroup", $$"""{"logGroupName":"a{{n:D2}}"}""");
            await cloud.CallAsync("CreateLogStream", $$"""{"logGroupName":"g","logStreamName":"é{{n:D2}}"}""");
        }

        Assert.Equal([50, 2], await PagesAsync(cloud, "DescribeLogGroups", "logGroups", ""));
        Assert.Equal([30, 22], await PagesAsync(cloud, "DescribeLogGroups", "logGroups", "\"limit\":30"));
        var streams = "\"logGroupName\":\"g\"";
        Assert.Equal([50, 2], await PagesAsync(cloud, "DescribeLogStreams", "logStreams", streams));
        Assert.Equal([26, 26], await PagesAsync(cloud, "DescribeLogStreams", "logStreams", streams + ",\"limit\":26"));
        Assert.Equal([20, 20, 12], await PagesAsync(
            cloud, "DescribeLogStreams", "logStreams", streams + ",\"limit\":20,\"descending\":true"));
        Assert.Equal([20, 20, 12], await PagesAsync(
            cloud, "DescribeLogStreams", "logStreams", streams + ",\"limit\":20,\"orderBy\":\"LastEventTime\""));
        Assert.Equal([50, 1], await PagesAsync(
            cloud, "DescribeLogStreams", "logStreams",
            streams + ",\"logStreamNamePrefix\":\"é\",\"descending\":true"));
    }

    [Theory]
    [InlineData("\"logGroupName\":\"g\"", "a,b,s")]
    [InlineData("\"logGroupIdentifier\":\"g\"", "a,b,s")]
    [InlineData("\"logGroupIdentifier\":\"arn:aws:logs:us-east-1:000000000000:log-group:g\"", "a,b,s")]
    [InlineData(
        "\"logGroupIdentifier\":\"arn:aws:logs:us-east-1:000000000000:log-group:g:*\"", "InvalidParameterException")]
    [InlineData("\"logGroupName\":\"g\",\"descending\":true", "s,b,a")]
    [InlineData("\"logGroupName\":\"g\",\"logStreamNamePrefix\":\"b\",\"descending\":true", "b")]
    [InlineData("\"logGroupName\":\"g\",\"orderBy\":\"LastEventTime\"", "s,b,a")]
    [InlineData("\"logGroupName\":\"g\",\"orderBy\":\"LastEventTime\",\"descending\":true", "a,b,s")]
    public async Task Streams_are_listed_in_the_order_asked_for(string members, string expected)
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        foreach (var name in (string[])["b", "a"])
            await cloud.CallAsync("CreateLogStream", $$"""{"logGroupName":"g","logStreamName":"{{name}}"}""");
        await cloud.PutAsync("b", (cloud.Now, "m"));
        await cloud.PutAsync("a", (cloud.Now + 1, "m"));
        var reply = await cloud.CallAsync("DescribeLogStreams", $$"""{{{members}}}""");
        Assert.Equal(expected, reply.Type is null
            ? string.Join(',', reply.Texts("logStreams", "logStreamName"))
            : "InvalidParameterException");
    }

    [Fact]
    public async Task A_stream_shows_its_times_once_it_has_events_and_forgets_those_past_retention()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        var arn = "arn:aws:logs:us-east-1:000000000000:log-group:g:log-stream:s";
        var created = cloud.Now;
        Assert.Equal(
            $$"""{"logStreamName":"s","creationTime":{{created}},"arn":"{{arn}}","storedBytes":0}""",
            (await StreamAsync(cloud)).GetRawText());

        await cloud.PutAsync((created, "m"), (created + 7, "m"));
        await cloud.PutAsync((created - 5, "m"));
        Assert.Equal((created - 5, created + 7), Times(await StreamAsync(cloud)));
        Assert.Equal(created, (await StreamAsync(cloud)).GetProperty("lastIngestionTime").GetInt64());

        await cloud.CallAsync("PutRetentionPolicy", """{"logGroupName":"g","retentionInDays":1}""");
        cloud.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((created, created + 7), Times(await StreamAsync(cloud)));
        cloud.Time.Advance(TimeSpan.FromMilliseconds(8));
        Assert.False((await StreamAsync(cloud)).TryGetProperty("lastEventTimestamp", out _));
    }

    static (long, long) Times(JsonElement stream) =>
        (stream.GetProperty("firstEventTimestamp").GetInt64(), stream.GetProperty("lastEventTimestamp").GetInt64());

    static async Task<JsonElement> StreamAsync(RunningCloud cloud) =>
        (await cloud.CallAsync("DescribeLogStreams", """{"logGroupName":"g"}""")).List("logStreams").Single();

    static async Task<JsonElement[]> GroupsAsync(RunningCloud cloud, string body) =>
        (await cloud.CallAsync("DescribeLogGroups", body)).MustSucceed().List("logGroups");

    static async Task<List<int>> PagesAsync(RunningCloud cloud, string action, string list, string members)
    {
        var counts = new List<int>();
        string? token = null;
        do
        {
            var separator = members.Length > 0 && token is not null ? "," : "";
            var next = token is null ? "" : $"\"nextToken\":\"{token}\"";
            var page = (await cloud.CallAsync(action, $$"""{{{members}}{{separator}}{{next}}}""")).MustSucceed();
            counts.Add(page.List(list).Length);
            token = page.Text("nextToken");
        }
        while (token is not null);

        return counts;
    }
}
