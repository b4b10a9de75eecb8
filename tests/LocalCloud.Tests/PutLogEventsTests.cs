using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using LocalCloud.Tests.Support;

namespace LocalCloud.Tests;

public sealed partial class PutLogEventsTests
{
    const string Chronological = "Log events in a single PutLogEvents request must be in chronological order.";
    const string Span = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.";

    [Fact]
    public async Task A_batch_is_taken_refused_or_taken_in_part_as_the_service_would()
    {
        foreach (var row in CaseTable.Rows("put-log-events.txt"))
        {
            await using var cloud = await RunningCloud.StartWithStreamAsync();
            if (row[0] != "-")
                await cloud.CallAsync("PutRetentionPolicy", $$"""{"logGroupName":"g","retentionInDays":{{row[0]}}}""");
            var reply = await cloud.PutAsync(
                row[1].Split(' ').Select(time => (cloud.Now + Offset(time), "m")).ToArray());
            Assert.True(row[2] == Said(reply), $"{string.Join(" | ", row)}: {Said(reply)}");
            var stored = await cloud.CallAsync("FilterLogEvents", """{"logGroupName":"g"}""");
            Assert.Equal(
                row[3] == "none" ? [] : row[3].Split(' ').Select(time => cloud.Now + Offset(time)),
                stored.MustSucceed().List("events").Select(item => item.GetProperty("timestamp").GetInt64()));
        }
    }

    [Theory]
    [InlineData(1, 1_048_550, null)]
    [InlineData(1, 1_048_551, "Log event too large: 1048577 bytes exceeds limit of 1048576")]
    [InlineData(10_000, 78, null)]
    [InlineData(10_000, 79, "Upload too large: 1050000 bytes exceeds limit of 1048576")]
    [InlineData(16, 65_510, null)]
    [InlineData(10_001, 1, "1 validation error detected: Value '[10001 elements]' at 'logEvents' failed to satisfy "
        + "constraint: Member must have length less than or equal to 10000")]
    public async Task A_batch_may_be_just_as_large_as_the_service_allows(int events, int bytes, string? error)
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        var reply = await cloud.PutAsync(Enumerable.Repeat((cloud.Now, new string('m', bytes)), events).ToArray());
        Assert.Equal(error, reply.Message);
        Assert.Equal(error is null ? null : "InvalidParameterException", reply.Type);
    }

    [Fact]
    public async Task Sizes_count_UTF8_bytes()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        (await cloud.PutAsync((cloud.Now, "é😀"))).MustSucceed();
        var group = (await cloud.CallAsync("DescribeLogGroups", "{}")).List("logGroups")[0];
        Assert.Equal(32, group.GetProperty("storedBytes").GetInt64());
        var exact = new string('é', 524_275);
        (await cloud.PutAsync((cloud.Now, exact))).MustSucceed();
        Assert.Equal("InvalidParameterException", (await cloud.PutAsync((cloud.Now, exact + "é"))).Type);
    }

    [Fact]
    public async Task A_put_answers_a_token_of_56_digits_and_takes_the_same_batch_twice()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        for (var round = 0; round < 2; round++)
        {
            var reply = (await cloud.PutAsync((cloud.Now, "m"))).MustSucceed();
            Assert.Matches("^[0-9]{56}$", reply.Text("nextSequenceToken")!);
            Assert.False(reply.Body.TryGetProperty("rejectedLogEventsInfo", out _));
        }

        Assert.Equal(["m", "m"], await MessagesAsync(cloud));
    }

    [Theory]
    [InlineData("""a\"b\\c\/d\b\f\n\r\te""", "a\"b\\c/d\b\f\n\r\te")]
    [InlineData("""\u00e9\ud83d\ude00\u65e5""", "é😀日")]
    [InlineData("""x\ud83dy""", "x\uFFFDy")]
    [InlineData("""\ude00""", "\uFFFD")]
    [InlineData("""\ud83d\ud83d\ude00""", "\uFFFD😀")]
    [InlineData("""\ud83d\n""", "\uFFFD\n")]
    [InlineData("""\u0000""", "\0")]
    [InlineData("é😀日", "é😀日")]
    public async Task Messages_come_back_as_the_text_that_their_JSON_meant(string json, string text)
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        (await cloud.CallAsync("PutLogEvents",
            """{"logGroupName":"g","logStreamName":"s","logEvents":"""
                + $$"""[{"timestamp":{{cloud.Now}},"message":"{{json}}"}]}"""))
            .MustSucceed();
        Assert.Equal([text], await MessagesAsync(cloud));
    }

    [Fact]
    public async Task Members_come_in_any_order_unknown_ones_are_passed_over_and_names_may_be_escaped()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        (await cloud.CallAsync("PutLogEvents",
            $$"""
            {"entity":{"logEvents":[{}],"x":[1,{"y":null}]},
             "logEvents":[{"message":"a","extra":{"message":"no"},"timestamp":{{cloud.Now}}}],
             "sequenceToken":null,"logStreamName":"\u0073","logGroupN\u0061me":"g"}
            """)).MustSucceed();
        Assert.Equal(["a"], await MessagesAsync(cloud));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_refused()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        var body = Encoding.Latin1.GetBytes(
            $$"""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":{{cloud.Now}},"message":"é"}]}""");
        Assert.Equal("SerializationException", (await cloud.CallAsync("PutLogEvents", body)).Type);
    }

    [Fact]
    public async Task Zipped_bodies_are_taken_up_to_a_bound_and_broken_ones_refused()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        var body = Encoding.UTF8.GetBytes(
            """{"logGroupName":"g","logStreamName":"s","logEvents":"""
                + $$"""[{"timestamp":{{cloud.Now}},"message":"zipped"}]}""");
        (await cloud.CallAsync("PutLogEvents", Zipped(body), AsGzip)).MustSucceed();
        Assert.Equal(["zipped"], await MessagesAsync(cloud));

        Assert.Equal("SerializationException", (await cloud.CallAsync("PutLogEvents", body, AsGzip)).Type);
        var bomb = await cloud.CallAsync("PutLogEvents", Zipped(new byte[16 * 1024 * 1024 + 1]), AsGzip);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bomb.Status);
        var large = await cloud.CallAsync("PutLogEvents", new byte[16 * 1024 * 1024 + 1]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
    }

    static void AsGzip(HttpRequestMessage request) => request.Content!.Headers.ContentEncoding.Add("gzip");

    static byte[] Zipped(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return zipped.ToArray();
    }

    static async Task<string[]> MessagesAsync(RunningCloud cloud) =>
        (await cloud.CallAsync("GetLogEvents", """{"logGroupName":"g","logStreamName":"s","startFromHead":true}"""))
            .MustSucceed().Texts("events", "message");

    static string Said(Reply reply)
    {
        if (reply.Status != HttpStatusCode.OK)
            return reply.Message switch { Chronological => "chronological", Span => "span", var other => other! };
        if (!reply.Body.TryGetProperty("rejectedLogEventsInfo", out var info))
            return "-";

        (string Word, string Member)[] members =
        [
            ("tooOld", "tooOldLogEventEndIndex"), ("expired", "expiredLogEventEndIndex"),
            ("tooNew", "tooNewLogEventStartIndex")
        ];
        return string.Join(", ", members
            .Where(pair => info.TryGetProperty(pair.Member, out _))
            .Select(pair => $"{pair.Word} {info.GetProperty(pair.Member).GetInt32()}"));
    }

    static long Offset(string time) => OffsetParts().Matches(time).Sum(part =>
        long.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) * part.Groups[2].Value switch
        {
            "d" => 86_400_000L,
            "h" => 3_600_000L,
            _ => 1L
        });

    [GeneratedRegex(@"([+-]?\d+)(d|h|ms|$)")]
    private static partial Regex OffsetParts();
}
