using System.Net;
using System.Text;
using LocalCloud.Tests.Support;

namespace LocalCloud.Tests;

/// <summary>The server fails as it is told to, and in no other way.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task An_error_ends_a_request_before_anything_is_done()
    {
        await using var cloud = await StartAsync(
            """{"rules":[{"action":"PutLogEvents","error":"AccessDeniedException","status":403,"message":"no"}]}""");

        var refused = await cloud.PutAsync((cloud.Now, "lost"));

        Assert.Equal((HttpStatusCode.Forbidden, "AccessDeniedException", "no"),
            (refused.Status, refused.Type, refused.Message));
        Assert.Empty(await StoredAsync(cloud));
    }

    [Fact]
    public async Task A_cut_does_nothing_and_a_dropped_answer_does_all_but_answer()
    {
        await using var cloud = await StartAsync(
            """{"rules":[{"contains":"first","cut":true},{"contains":"second","drop_answer":true}]}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.PutAsync((cloud.Now, "first")));
        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.PutAsync((cloud.Now, "second")));

        Assert.Equal(["second"], await StoredAsync(cloud));
    }

    [Fact]
    public async Task A_rule_falls_as_often_as_it_may()
    {
        await using var cloud = await StartAsync(
            """{"rules":[{"error":"ThrottlingException","times":2,"action":"PutLogEvents"}]}""");
        List<HttpStatusCode> statuses = [];
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await cloud.PutAsync((cloud.Now, "x"))).Status);
        }

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK], statuses);
    }

    [Fact]
    public async Task A_share_falls_by_dice_that_a_seed_repeats()
    {
        const string Half = """{"seed":7,"rules":[{"error":"X","share":0.5,"action":"PutLogEvents"}]}""";
        var runs = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            await using var cloud = await StartAsync(Half);
            var statuses = new StringBuilder();
            for (var i = 0; i < 40; i++)
            {
                statuses.Append((await cloud.PutAsync((cloud.Now, "x"))).Status == HttpStatusCode.OK ? '.' : 'x');
            }

            runs.Add(statuses.ToString());
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.InRange(runs[0].Count(letter => letter == 'x'), 10, 30);
    }

    [Fact]
    public async Task So_many_requests_pass_in_a_second_and_the_others_are_throttled()
    {
        await using var cloud = await StartAsync("""{"rules":[{"requests_per_second":3,"action":"PutLogEvents"}]}""");

        Assert.Equal("....xx", await SixAsync(cloud, free: 1));
        cloud.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("...xxx", await SixAsync(cloud, free: 0));

        static async Task<string> SixAsync(RunningCloud cloud, int free)
        {
            var outcome = new string('.', free);
            for (var i = free; i < 6; i++)
            {
                var reply = await cloud.PutAsync((cloud.Now, "x"));
                outcome += reply.Type == "ThrottlingException" ? 'x' : '.';
            }

            return outcome;
        }
    }

    [Fact]
    public async Task The_clock_is_as_far_off_as_it_is_told_for_events_and_for_answers()
    {
        await using var cloud = await StartAsync("""{"clock_offset_seconds":-10800}""");

        var reply = (await cloud.PutAsync((cloud.Now, "3 h ahead"))).MustSucceed();

        Assert.Equal(cloud.Time.GetUtcNow().AddHours(-3), reply.Response.Headers.Date);
        Assert.Equal(
            0, reply.Body.GetProperty("rejectedLogEventsInfo").GetProperty("tooNewLogEventStartIndex").GetInt32());
    }

    [Fact]
    public async Task Latency_and_a_drip_delay_and_the_answer_is_whole()
    {
        await using var cloud = await StartAsync("{}");
        await SetAsync(cloud, """{"rules":[{"latency_ms":60000},{"drip_ms":1000}]}""");

        var answer = cloud.PutAsync((cloud.Now, "x"));
        var began = TimeProvider.System.GetTimestamp();
        while (!answer.IsCompleted)
        {
            Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 60);
            cloud.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(answer, Task.Delay(1, TestContext.Current.CancellationToken)); // waits for the answer
        }

        (await answer).MustSucceed();
    }

    [Fact]
    public async Task They_can_be_looked_at_changed_and_taken_away_while_it_runs()
    {
        await using var cloud = await StartAsync("""{"rules":[{"cut":true}]}""");
        Assert.Contains("\"cut\": true", await TextAsync(cloud.FaultsAsync(HttpMethod.Get)), StringComparison.Ordinal);

        await SetAsync(cloud, """{"rules":[{"error":"Gone"}]}""");
        Assert.Equal("Gone", (await cloud.PutAsync((cloud.Now, "x"))).Type);
        await cloud.FaultsAsync(HttpMethod.Delete);

        (await cloud.PutAsync((cloud.Now, "x"))).MustSucceed();
    }

    [Fact]
    public async Task Where_it_was_not_started_with_faults_there_is_nothing_to_change()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();

        var answer = await cloud.FaultsAsync(HttpMethod.Put, """{"rules":[{"cut":true}]}""");

        Assert.False(answer.IsSuccessStatusCode);
        (await cloud.PutAsync((cloud.Now, "x"))).MustSucceed();
    }

    [Theory]
    [InlineData("""{"rules":[{}]}""", "rules[0]: must do one thing")]
    [InlineData("""{"rules":[{"cut":true,"error":"X"}]}""", "rules[0]: must do one thing")]
    [InlineData("""{"rules":[{"cut":true,"share":2}]}""", "rules[0]: share must be from 0 to 1")]
    [InlineData("""{"rules":[{"error":"X","status":200}]}""", "rules[0]: status must be from 400 to 599")]
    [InlineData("""{"rules":[{"cutt":true}]}""", "cutt")]
    [InlineData("""{"rules":[null]}""", "rules[0]: is null")]
    [InlineData("""{"rules":7}""", "$.rules")]
    [InlineData("null", "an object")]
    [InlineData("nonsense", "invalid")]
    public async Task What_is_no_plan_is_refused_with_the_place_and_changes_nothing(string plan, string fault)
    {
        await using var cloud = await StartAsync("""{"rules":[{"error":"Still"}]}""");

        var answer = await cloud.FaultsAsync(HttpMethod.Put, plan);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(fault, await TextAsync(Task.FromResult(answer)), StringComparison.Ordinal);
        Assert.Equal("Still", (await cloud.PutAsync((cloud.Now, "x"))).Type);
    }

    static async Task<RunningCloud> StartAsync(string plan)
    {
        var cloud = await RunningCloud.StartAsync(faults: new());
        (await cloud.CallAsync("CreateLogGroup", """{"logGroupName":"g"}""")).MustSucceed();
        (await cloud.CallAsync("CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""")).MustSucceed();
        await SetAsync(cloud, plan);
        return cloud;
    }

    static async Task SetAsync(RunningCloud cloud, string plan) =>
        (await cloud.FaultsAsync(HttpMethod.Put, plan)).EnsureSuccessStatusCode();

    static async Task<string> TextAsync(Task<HttpResponseMessage> answer) =>
        await (await answer).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    static async Task<string[]> StoredAsync(RunningCloud cloud) =>
        (await cloud.CallAsync("GetLogEvents", """{"logGroupName":"g","logStreamName":"s"}"""))
            .Texts("events", "message");
}
