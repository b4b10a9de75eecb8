using LocalCloud.Tests.Support;

namespace LocalCloud.Tests;

public sealed class GetLogEventsTests
{
    [Fact]
    public async Task Pages_go_forward_to_the_end_and_the_last_token_finds_what_comes_later()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        await cloud.PutAsync(Enumerable.Range(0, 5).Select(n => (cloud.Now + n, $"{n}")).ToArray());
        var first = await GetAsync(cloud, "\"startFromHead\":true,\"limit\":2");
        Assert.Equal(["0", "1"], first.Texts("events", "message"));
        Assert.Matches("^f/[0-9]{56}/s$", first.Text("nextForwardToken")!);
        Assert.Matches("^b/[0-9]{56}/s$", first.Text("nextBackwardToken")!);

        var second = await FollowAsync(cloud, first, "nextForwardToken", 2);
        var third = await FollowAsync(cloud, second, "nextForwardToken", 2);
        var end = await FollowAsync(cloud, third, "nextForwardToken", 2);
        Assert.Equal(["2", "3"], second.Texts("events", "message"));
        Assert.Equal(["4"], third.Texts("events", "message"));
        Assert.Empty(end.List("events"));
        Assert.Equal(third.Text("nextForwardToken"), end.Text("nextForwardToken"));

        await cloud.PutAsync((cloud.Now + 5, "5"));
        Assert.Equal(["5"], (await FollowAsync(cloud, end, "nextForwardToken", 2)).Texts("events", "message"));
    }

    [Fact]
    public async Task Pages_go_backward_to_the_beginning_each_in_ascending_order()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        await cloud.PutAsync(Enumerable.Range(0, 5).Select(n => (cloud.Now + n, $"{n}")).ToArray());
        var newest = await GetAsync(cloud, "\"limit\":2");
        Assert.Equal(["3", "4"], newest.Texts("events", "message"));
        var middle = await FollowAsync(cloud, newest, "nextBackwardToken", 2);
        var oldest = await FollowAsync(cloud, middle, "nextBackwardToken", 2);
        var end = await FollowAsync(cloud, oldest, "nextBackwardToken", 2);
        Assert.Equal(["1", "2"], middle.Texts("events", "message"));
        Assert.Equal(["0"], oldest.Texts("events", "message"));
        Assert.Empty(end.List("events"));
        Assert.Equal(oldest.Text("nextBackwardToken"), end.Text("nextBackwardToken"));

        // Turning round at either end, or in the middle, loses nothing and repeats nothing.
        Assert.Equal(["0", "1"], (await FollowAsync(cloud, end, "nextForwardToken", 2)).Texts("events", "message"));
        Assert.Equal(["3", "4"], (await FollowAsync(cloud, middle, "nextForwardToken", 9)).Texts("events", "message"));
        var past = await FollowAsync(cloud, newest, "nextForwardToken", 2);
        Assert.Equal(["3", "4"], (await FollowAsync(cloud, past, "nextBackwardToken", 2)).Texts("events", "message"));
    }

    [Fact]
    public async Task The_tokens_of_an_empty_stream_find_its_first_events()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        var head = await GetAsync(cloud, "\"startFromHead\":true");
        var tail = await GetAsync(cloud, "\"startFromHead\":false");
        await cloud.PutAsync((cloud.Now, "first"));
        Assert.Equal(["first"], (await FollowAsync(cloud, head, "nextForwardToken", 2)).Texts("events", "message"));
        Assert.Equal(["first"], (await FollowAsync(cloud, tail, "nextBackwardToken", 2)).Texts("events", "message"));
    }

    [Fact]
    public async Task The_start_is_inclusive_and_the_end_exclusive()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        await cloud.PutAsync(Enumerable.Range(0, 4).Select(n => (cloud.Now + n, $"{n}")).ToArray());
        async Task<string[]> Between(long start, long end) =>
            (await GetAsync(cloud, $"\"startTime\":{cloud.Now + start},\"endTime\":{cloud.Now + end}"))
            .Texts("events", "message");

        Assert.Equal(["1", "2"], await Between(1, 3));
        Assert.Empty(await Between(1, 1));
        Assert.Equal(["0", "1", "2", "3"], await Between(-9, 9));
        Assert.Equal(["0"], (await GetAsync(cloud, $"\"startFromHead\":true,\"limit\":1,\"endTime\":{long.MaxValue}"))
            .Texts("events", "message"));
    }

    [Fact]
    public async Task Events_are_ordered_by_time_then_by_arrival()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        await cloud.PutAsync((cloud.Now, "b"), (cloud.Now, "c"), (cloud.Now + 1, "e"));
        await cloud.PutAsync((cloud.Now - 1, "a"), (cloud.Now, "d"));
        Assert.Equal(["a", "b", "c", "d", "e"], (await GetAsync(cloud, "\"limit\":9")).Texts("events", "message"));
    }

    [Fact]
    public async Task A_page_holds_a_megabyte_and_a_largest_event_alone()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        var largest = new string('x', CloudWatch.Limits.EventBytes);
        await cloud.PutAsync((cloud.Now, largest));
        await cloud.PutAsync((cloud.Now + 1, "small"));
        var page = await GetAsync(cloud, "\"startFromHead\":true");
        Assert.Equal([largest], page.Texts("events", "message"));
        Assert.Equal(["small"], (await FollowAsync(cloud, page, "nextForwardToken", 9)).Texts("events", "message"));
    }

    [Fact]
    public async Task A_token_is_only_good_for_the_stream_it_was_made_for()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        await cloud.CallAsync("CreateLogStream", """{"logGroupName":"g","logStreamName":"other"}""");
        var token = (await GetAsync(cloud, "\"limit\":1")).Text("nextForwardToken");
        var reply = await cloud.CallAsync(
            "GetLogEvents", $$"""{"logGroupName":"g","logStreamName":"other","nextToken":"{{token}}"}""");
        Assert.Equal("The specified nextToken is invalid.", reply.Message);
    }

    static async Task<Reply> GetAsync(RunningCloud cloud, string members) => (await cloud.CallAsync(
        "GetLogEvents", $$"""{"logGroupName":"g","logStreamName":"s",{{members}}}""")).MustSucceed();

    static Task<Reply> FollowAsync(RunningCloud cloud, Reply page, string token, int limit) =>
        GetAsync(cloud, $"\"nextToken\":\"{page.Text(token)}\",\"limit\":{limit}");
}
