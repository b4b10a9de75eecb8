using System.Text.Json;
using Agent.Aws;
using Agent.Detect;
using Agent.Events;
using Agent.Pipeline;
using Agent.Tests.Support;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>What is published a minute is published until it is taken, and what never is keeps nothing else back.
/// </summary>
[Collection(AwsEnvironment.Collection)]
public sealed class PublishingTests : IAsyncDisposable
{
    static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeSeconds(Timeline.Start);
    const StringComparison Text = StringComparison.Ordinal;

    static readonly MetricIdentity Beat = new("Vigil", "Heartbeat", "Count", []);

    readonly FakeTimeProvider _time = new(Noon.AddSeconds(20));
    readonly CollectingLog _log = new();
    readonly List<PutMetricDataRequest> _asked = [];
    readonly CancellationTokenSource _ends = new();
    readonly RawServer _server;
    readonly MetricsClient _client;
    readonly Watch _watch;
    readonly Publishing _publishing;
    readonly Task _running;
    Func<PutMetricDataRequest, string?> _fault = _ => null;

    public PublishingTests()
    {
        _server = new(async stream =>
        {
            while (await RawServer.ReadHeadAsync(stream) is { Count: > 0 } head)
            {
                var body = await RawServer.ReadBodyAsync(stream, head);
                var request = JsonSerializer.Deserialize(body, MetricsJson.Default.PutMetricDataRequest)!;
                lock (_asked)
                {
                    _asked.Add(request);
                }

                var fault = _fault(request);
                await RawServer.AnswerAsync(
                    stream, fault is null ? 200 : 400, fault is null ? "{}" : $$"""{"__type":"{{fault}}"}""");
            }
        });
        _client = new(new(_server.Address, "us-east-1"), new(isLoopback: true), new(_time, _log), compresses: false);
        _watch = new([], [], ["Vigil", "Other"], [], _time, out _);
        _publishing = new(_watch, _client, _ => { }, () => 0.5, _time, _log);
        _running = _publishing.RunAsync(_ends.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _running;
        _ends.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task AMinuteIsPublishedOnceAndSoonAfterItsEnd()
    {
        Publish(Beat, value: 1);
        Publish(Beat, value: 3);

        await PassAsync(() => _watch.ToPublish == 0);

        Assert.InRange(_time.GetUtcNow(), Noon.AddSeconds(61), Noon.AddSeconds(70));
        var datum = Assert.Single(Assert.Single(_asked).MetricData);
        Assert.Equal(
            ("Heartbeat", (double)Timeline.Start, "1,3", "1,1"),
            (datum.MetricName, datum.Timestamp, string.Join(',', datum.Values!), string.Join(',', datum.Counts!)));
    }

    [Fact]
    public async Task WhatIsNotTakenIsTriedAgainAndSaid()
    {
        _fault = _ => "ThrottlingException";
        Publish(Beat, value: 1);
        await PassAsync(() => _asked.Count > 3);
        Assert.Contains("ThrottlingException", _publishing.Trouble, StringComparison.Ordinal);
        Assert.Single(_log.Lines, line => line.Contains("Metrics are not taken", StringComparison.Ordinal));

        _fault = _ => null;
        await PassAsync(() => _watch.ToPublish == 0);
        await PassAsync(() => _publishing.Trouble is null);
        Assert.Single(_log.Lines, line => line.Contains("Metrics are taken again", StringComparison.Ordinal));
    }

    /// <summary>What is allowed is told, whatever is not.</summary>
    [Fact]
    public async Task ANamespaceThatIsDeniedKeepsNoOtherBack()
    {
        _fault = request => request.Namespace == "Other" ? "AccessDeniedException" : null;
        Publish(new("Other", "a", "Count", []), value: 1);
        for (var i = 0; i < 3; i++)
        {
            Publish(Beat, value: i);
            await PassAsync(() => _asked.Count(request => request.Namespace == "Vigil") > i);
        }

        Assert.Contains("AccessDeniedException", _publishing.Trouble, StringComparison.Ordinal);
        Assert.Single(_log.Lines, line => line.Contains("Metrics are not taken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OneMetricThatIsNeverTakenIsGivenUpAloneAndSaid()
    {
        _fault = request =>
            request.MetricData.Any(datum => datum.MetricName == "bad 3") ? "InvalidParameterValue" : null;
        for (var i = 0; i < 7; i++)
            Publish(Beat with { Name = $"bad {i}" }, value: i);

        await PassAsync(() => _watch.ToPublish == 0);

        var taken = _asked.Where(request => _fault(request) is null).SelectMany(request => request.MetricData);
        Assert.Equal(
            ["bad 0", "bad 1", "bad 2", "bad 4", "bad 5", "bad 6"], taken.Select(datum => datum.MetricName).Order());
        Assert.Contains(_log.Lines, line =>
            line.Contains("The metric Vigil bad 3 is not taken and given up", StringComparison.Ordinal));
        Assert.Null(_publishing.Trouble);
        Assert.StartsWith("Vigil bad 3 is not taken and given up: ", Assert.Single(_publishing.NeverTaken), Text);

        _fault = _ => null;
        Publish(Beat with { Name = "bad 3" }, value: 1);
        await PassAsync(() => _watch.ToPublish == 0);
        Assert.Empty(_publishing.NeverTaken);
    }

    [Fact]
    public async Task RequestsKeepToTheBoundsOfTheService()
    {
        _watch.Take(
            [],
            [
                .. from i in Enumerable.Range(0, 40)
                   from value in Enumerable.Range(0, 900)
                   select (Beat with { Name = $"wide {i}" }, new Measurement("", "Count", Timeline.Start, value)),
                (Beat with { Namespace = "Other" }, new("", "Count", Timeline.Start, 1))
            ],
            _ => { });

        await PassAsync(() => _watch.ToPublish == 0);

        Assert.All(_asked, request =>
        {
            Assert.InRange(request.MetricData.Count, 1, 1000);
            Assert.InRange(
                JsonSerializer.SerializeToUtf8Bytes(request, MetricsJson.Default.PutMetricDataRequest).Length, 1,
                1_000_000);
            Assert.All(request.MetricData, datum => Assert.InRange(datum.Values!.Count, 1, 150));
        });
        Assert.Equal(["Other", "Vigil"], _asked.Select(request => request.Namespace).Distinct().Order());
        Assert.Equal(
            (40 * 900) + 1, _asked.SelectMany(request => request.MetricData).Sum(datum => datum.Counts!.Sum()));
    }

    [Fact]
    public async Task WhatIsTooOldForTheServiceIsGivenUpAndSaid()
    {
        _watch.Take([], [(Beat, new("Heartbeat", "Count", Timeline.Start - (15 * 86_400), 1))], _ => { });
        Publish(Beat, value: 1);

        await PassAsync(() => _watch.ToPublish == 0);

        Assert.Single(Assert.Single(_asked).MetricData);
        Assert.Contains(_log.Lines, line =>
            line.Contains("1 metric data are given up: they are two weeks old", StringComparison.Ordinal));
    }

    void Publish(MetricIdentity metric, double value) =>
        _watch.Take([], [(metric, new(metric.Name, metric.Unit, Timeline.Start, value))], _ => { });

    Task PassAsync(Func<bool> condition) => Soon.IsAsync(
        () =>
        {
            lock (_asked)
            {
                return condition();
            }
        },
        _time, TimeSpan.FromMilliseconds(100));
}
