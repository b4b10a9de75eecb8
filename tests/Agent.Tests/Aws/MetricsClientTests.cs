using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Aws;
using Agent.Tests.Support;
using CloudWatch.Signing;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>How metrics are published to endpoints of either protocol, and what their refusals mean.</summary>
[Collection(AwsEnvironment.Collection)]
public sealed class MetricsClientTests : IDisposable
{
    static readonly PutMetricDataRequest Request = new()
    {
        Namespace = "Security",
        MetricData =
        [
            new()
            {
                MetricName = "Failed logins",
                Dimensions = [new() { Name = "user", Value = "a&b" }],
                Timestamp = 1_767_614_400,
                Values = [1, 2.5],
                Counts = [3, 1],
                Unit = "Count"
            }
        ]
    };

    readonly FakeTimeProvider _time = new(new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero));
    readonly List<(List<string> Head, byte[] Body)> _asked = [];
    readonly Queue<(int Status, string Body)> _answers = new();
    readonly RawServer _server;
    readonly MetricsClient _client;

    public MetricsClientTests()
    {
        _server = new(async stream =>
        {
            while (await RawServer.ReadHeadAsync(stream) is { Count: > 0 } head)
            {
                _asked.Add((head, await RawServer.ReadBodyAsync(stream, head)));
                var (status, body) = _answers.TryDequeue(out var next) ? next : (200, "{}");
                await RawServer.AnswerAsync(
                    stream, status, body, "x-amzn-RequestId: 1", "Date: Tue, 03 Feb 2026 07:05:06 GMT");
            }
        });
        _client = new(
            new(_server.Address, "eu-central-1"), new(isLoopback: true), new(_time, new CollectingLog()),
            compresses: true);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task AServiceOfTodayGetsJsonThatIsSigned()
    {
        await PutAsync(Request);

        var (head, body) = Assert.Single(_asked);
        Assert.Equal("application/x-amz-json-1.0", RawServer.Header(head, "content-type"));
        Assert.Equal("GraniteServiceVersion20100801.PutMetricData", RawServer.Header(head, "x-amz-target"));
        Assert.Equal(
            """
            {"Namespace":"Security","MetricData":[{"MetricName":"Failed logins",
            "Dimensions":[{"Name":"user","Value":"a\u0026b"}],
            "Timestamp":1767614400,"Values":[1,2.5],"Counts":[3,1],"Unit":"Count"}]}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(body));
        Assert.Equal(SignatureVerdict.Good, Verify(head, body));
    }

    [Fact]
    public async Task ALongRequestIsCompressed()
    {
        await PutAsync(Request with { MetricData = [.. Enumerable.Repeat(Request.MetricData[0], 100)] });

        var (head, body) = Assert.Single(_asked);
        Assert.Equal("gzip", RawServer.Header(head, "content-encoding"));
        using var unpacked = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        var read = await JsonSerializer.DeserializeAsync(
            unpacked, MetricsJson.Default.PutMetricDataRequest, TestContext.Current.CancellationToken);
        Assert.Equal(100, read!.MetricData.Count);
        Assert.Equal(SignatureVerdict.Good, Verify(head, body));
    }

    [Theory]
    [InlineData(400, "<ErrorResponse><Error><Code>MissingAction</Code></Error></ErrorResponse>")]
    [InlineData(404, "<UnknownOperationException/>")]
    [InlineData(415, "")]
    [InlineData(400, """{"__type":"UnknownOperationException"}""")]
    public async Task AnEndpointThatKnowsNoJsonIsAskedInFormsFromThenOn(int status, string body)
    {
        _answers.Enqueue((status, body));
        _answers.Enqueue((200, "<PutMetricDataResponse/>"));
        _answers.Enqueue((200, "<PutMetricDataResponse/>"));

        await PutAsync(Request);
        await PutAsync(Request);

        Assert.Equal(3, _asked.Count);
        Assert.All(_asked[1..], one => Assert.Equal(
            "Action=PutMetricData&Version=2010-08-01&Namespace=Security&MetricData.member.1.MetricName=Failed+logins"
            + "&MetricData.member.1.Dimensions.member.1.Name=user"
            + "&MetricData.member.1.Dimensions.member.1.Value=a%26b"
            + "&MetricData.member.1.Timestamp=2026-01-05T12%3A00%3A00Z&MetricData.member.1.Values.member.1=1"
            + "&MetricData.member.1.Values.member.2=2.5&MetricData.member.1.Counts.member.1=3"
            + "&MetricData.member.1.Counts.member.2=1&MetricData.member.1.Unit=Count",
            Encoding.UTF8.GetString(one.Body)));
    }

    [Theory]
    [InlineData(400,
        """{"__type":"com.amazonaws.cloudwatch#InvalidParameterValueException","message":"root 1.2.3.4"}""",
        true, "InvalidParameterValueException")]
    [InlineData(400, """{"__type":"com.amazon.coral.service#ThrottlingException","message":"Rate exceeded"}""",
        false, "ThrottlingException: Rate exceeded")]
    [InlineData(403, """{"__type":"AccessDeniedException","message":"no"}""", false, "AccessDeniedException: no")]
    [InlineData(413, "", true, "HTTP 413")]
    [InlineData(500, "<html>", false, "HTTP 500")]
    [InlineData(503, "", false, "HTTP 503")]
    public async Task ARefusalTellsWhetherTheRequestIsAtFaultAndQuotesNoValue(
        int status, string body, bool isForGood, string said)
    {
        _answers.Enqueue((status, body));

        var why = await Assert.ThrowsAsync<PublishException>(() => PutAsync(Request));

        Assert.Equal((isForGood, $"{_server.Address.Authority} answered {said}"), (why.IsForGood, why.Message));
    }

    [Fact]
    public async Task WhatTakesNoMetricsAtAllIsSaid()
    {
        _answers.Enqueue((400, """{"__type":"UnknownOperationException"}"""));
        _answers.Enqueue((400, """{"__type":"UnknownOperationException"}"""));

        var why = await Assert.ThrowsAsync<PublishException>(() => PutAsync(Request));

        Assert.Contains("takes metrics neither as JSON nor as forms (HTTP 400)", why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostWhoseClockIsWrongSignsForTheServicesTimeTheNextTime()
    {
        _answers.Enqueue((403, """{"__type":"InvalidSignatureException","message":"Signature expired"}"""));
        await Assert.ThrowsAsync<PublishException>(() => PutAsync(Request));

        await PutAsync(Request);

        Assert.Equal("20260203T070506Z", RawServer.Header(_asked[1].Head, "x-amz-date"));
    }

    [Fact]
    public async Task NobodyWhoListensIsTroubleOfTheNetwork()
    {
        _server.Dispose();

        var why = await Assert.ThrowsAsync<PublishException>(() => PutAsync(Request));

        Assert.False(why.IsForGood);
    }

    Task PutAsync(PutMetricDataRequest request) => _client.PutAsync(request, TestContext.Current.CancellationToken);

    SignatureVerdict Verify(List<string> head, byte[] body)
    {
        var request = new SignedRequest("POST", "/", "",
            [.. from line in head.Skip(1)
                let parts = line.Split(": ", 2)
                select KeyValuePair.Create(parts[0], parts[1])],
            Convert.ToHexStringLower(SHA256.HashData(body)));
        return new SignatureVerifier("vigil", "vigil").Verify(request, _time.GetUtcNow());
    }
}
