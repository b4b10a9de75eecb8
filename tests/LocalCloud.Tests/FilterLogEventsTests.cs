using LocalCloud.Tests.Support;

namespace LocalCloud.Tests;

public sealed class FilterLogEventsTests
{
    [Fact]
    public async Task Events_of_all_streams_come_in_one_order_with_ids_that_stay()
    {
        await using var cloud = await StartWithThreeStreamsAsync();
        var first = await FilterAsync(cloud, "");
        Assert.Equal(["s 0", "web/1 1", "web/2 2", "s 3"], Lines(first));
        Assert.Empty(first.List("searchedLogStreams"));
        var ids = first.Texts("events", "eventId");
        Assert.All(ids, id => Assert.Matches("^[0-9]{56}$", id));
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(ids, (await FilterAsync(cloud, "")).Texts("events", "eventId"));
        Assert.Equal(["s 3", "web/2 2", "web/1 1", "s 0"], Lines(await FilterAsync(cloud, ",\"startFromHead\":false")));
    }

    [Theory]
    [InlineData(",\"logStreamNames\":[\"s\"]", "s 0,s 3")]
    [InlineData(",\"logStreamNames\":[\"s\",\"web/2\"]", "s 0,web/2 2,s 3")]
    [InlineData(",\"logStreamNamePrefix\":\"web/\"", "web/1 1,web/2 2")]
    [InlineData(",\"logStreamNamePrefix\":\"none\"", "")]
    [InlineData(",\"filterPattern\":\"2\"", "web/2 2")]
    [InlineData(",\"filterPattern\":\"-2\",\"interleaved\":false", "s 0,web/1 1,s 3")]
    [InlineData(",\"filterPattern\":\"?0 ?1\",\"logStreamNames\":[\"s\"]", "s 0")]
    public async Task A_search_is_narrowed_by_streams_and_pattern(string members, string expected)
    {
        await using var cloud = await StartWithThreeStreamsAsync();
        Assert.Equal(expected, string.Join(',', Lines(await FilterAsync(cloud, members))));
    }

    [Fact]
    public async Task Both_ends_are_inclusive()
    {
        await using var cloud = await StartWithThreeStreamsAsync();
        Assert.Equal(
            ["web/1 1", "web/2 2"],
            Lines(await FilterAsync(cloud, $",\"startTime\":{cloud.Now + 1},\"endTime\":{cloud.Now + 2}")));
        Assert.Equal(4, Lines(await FilterAsync(cloud, $",\"startTime\":0,\"endTime\":{long.MaxValue}")).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Paging_repeats_and_loses_nothing_while_new_events_arrive(bool fromHead)
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        await cloud.PutAsync(Enumerable.Range(0, 10).Select(n => (cloud.Now + n, $"{n}")).ToArray());
        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await FilterAsync(cloud,
                $",\"limit\":3,\"startFromHead\":{(fromHead ? "true" : "false")}"
                + (token is null ? "" : $",\"nextToken\":\"{token}\""));
            seen.AddRange(page.Texts("events", "message"));
            token = page.Text("nextToken");

            // Beside the place where paging stands, on the side it has passed.
            await cloud.PutAsync((cloud.Now + (fromHead ? -seen.Count : 100 + seen.Count), "new"));
        }
        while (token is not null);

        var expected = Enumerable.Range(0, 10).Select(n => $"{n}");
        Assert.Equal(fromHead ? expected : expected.Reverse(), seen);
    }

    [Fact]
    public async Task A_search_for_something_rare_ends_its_page_early_and_still_finds_it()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        for (var put = 0; put < 11; put++)
            await cloud.PutAsync(Enumerable.Repeat((cloud.Now, "common"), 10_000).ToArray());
        await cloud.PutAsync((cloud.Now + 1, "rare"));
        var page = await FilterAsync(cloud, ",\"filterPattern\":\"rare\"");
        Assert.Empty(page.List("events"));
        Assert.NotNull(page.Text("nextToken"));
        page = await FilterAsync(cloud, $",\"filterPattern\":\"rare\",\"nextToken\":\"{page.Text("nextToken")}\"");
        Assert.Equal(["s rare"], Lines(page));
        Assert.Null(page.Text("nextToken"));
    }

    static async Task<RunningCloud> StartWithThreeStreamsAsync()
    {
        var cloud = await RunningCloud.StartWithStreamAsync();
        foreach (var stream in (string[])["web/1", "web/2"])
            await cloud.CallAsync("CreateLogStream", $$"""{"logGroupName":"g","logStreamName":"{{stream}}"}""");
        await cloud.PutAsync("s", (cloud.Now, "0"), (cloud.Now + 3, "3"));
        await cloud.PutAsync("web/1", (cloud.Now + 1, "1"));
        await cloud.PutAsync("web/2", (cloud.Now + 2, "2"));
        return cloud;
    }

    static async Task<Reply> FilterAsync(RunningCloud cloud, string members) =>
        (await cloud.CallAsync("FilterLogEvents", $$"""{"logGroupName":"g"{{members}}}""")).MustSucceed();

    static string[] Lines(Reply page) => page.List("events")
        .Select(item => $"{item.GetProperty("logStreamName").GetString()} {item.GetProperty("message").GetString()}")
        .ToArray();
}
