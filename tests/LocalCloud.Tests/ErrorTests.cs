using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LocalCloud.Tests.Support;

namespace LocalCloud.Tests;

public sealed partial class ErrorTests
{
    [Fact]
    public async Task Every_wrong_request_gets_the_error_of_the_service()
    {
        await using var cloud = await RunningCloud.StartWithStreamAsync();
        foreach (var row in CaseTable.Rows("errors.txt"))
        {
            var reply = await cloud.CallAsync(row[0], Expanded(row[1]));
            var answer = $"{(int)reply.Status} {reply.Type}: {reply.Message}";
            Assert.True(answer == $"400 {row[2]}: {Expanded(row[3])}", $"{row[0]} {row[1]}\n answered {answer}");
        }
    }

    [Fact]
    public async Task An_answer_carries_a_request_id_the_protocols_media_type_and_the_clocks_date()
    {
        await using var cloud = await RunningCloud.StartAsync();
        var reply = (await cloud.CallAsync("DescribeLogGroups", "{}")).MustSucceed();
        Assert.True(Guid.TryParse(reply.Response.Headers.GetValues("x-amzn-RequestId").Single(), out _));
        Assert.Equal("application/x-amz-json-1.1", reply.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal(cloud.Time.GetUtcNow(), reply.Response.Headers.Date);
        Assert.False(reply.Response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("Origin", "https://example.com", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "own", HttpStatusCode.OK)]
    [InlineData("Host", "example.com", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Host", "10.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost:4586", HttpStatusCode.OK)]
    [InlineData("Host", "streaming-logs.localhost", HttpStatusCode.OK)]
    [InlineData("Host", "127.0.0.2:80", HttpStatusCode.OK)]
    [InlineData("Host", "[::1]:4586", HttpStatusCode.OK)]
    public async Task A_web_page_of_elsewhere_is_not_let_in(string header, string value, HttpStatusCode expected)
    {
        await using var cloud = await RunningCloud.StartAsync();
        var own = cloud.Server.Endpoint.GetLeftPart(UriPartial.Authority);
        var reply = await cloud.CallAsync(
            "DescribeLogGroups", "{}"u8.ToArray(),
            request => request.Headers.Add(header, value == "own" ? own : value));
        Assert.Equal(expected, reply.Status);
    }

    static string Expanded(string text) =>
        Repetition().Replace(text, match =>
            new string(match.Groups[2].Value[0], int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\{(\d+)\*(.)\}")]
    private static partial Regex Repetition();
}
