using System.Collections.Concurrent;
using Agent.Events;
using Agent.Tests.Support;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>An event that the service will never take is in nobody's way, and none is given up that it would take.
/// </summary>
public sealed class RefusedEventsTests : IDisposable
{
    const string TooOld = "older than 14 days, which the service does not take";

    readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-03-01T12:00:00Z", null));
    readonly CollectingLog _log = new();
    readonly ScriptedService _service = new();
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentQueue<(EventBatch Batch, IReadOnlyList<DeadEvents> Dead)> _resolved = new();
    readonly ConcurrentQueue<Exception> _deaths = new();
    readonly StreamSender _sender;
    DateTimeOffset? _serviceNow;

    public RefusedEventsTests()
    {
        _sender = new(
            _service.Sending(_time, _log, _stopping.Token, _deaths.Enqueue, now: () => _serviceNow),
            Task.FromResult(Some.Target), (batch, dead) => _resolved.Enqueue((batch, dead)), _log);
    }

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task OnePoisonEventInTenThousandIsFoundAndAllOthersAreDelivered()
    {
        _service.OnPut = batch => Task.FromResult(RefuseIf(batch, "poison"));
        var batch = Lines(10_000, poison: [6_283]);

        await SendAsync(batch);

        Assert.Equal([new DeadEvents(6_283, 1, Refused)], Assert.Single(_resolved).Dead);
        Assert.Equal(9_999, Delivered().Distinct().Count());
        Assert.Equal(9_999, Delivered().Count());
        Assert.Equal(9_999, _sender.Status.Events);
        Assert.InRange(_service.Sent.Count, 15, 40);
        Assert.Null(_sender.Status.Fault);
    }

    [Fact]
    public async Task NeighboursThatAreRefusedAlikeAreOneRecord()
    {
        _service.OnPut = batch => Task.FromResult(RefuseIf(batch, "poison"));

        await SendAsync(Lines(100, poison: [.. Enumerable.Range(40, 20)]));

        Assert.Equal([new DeadEvents(40, 20, Refused)], Assert.Single(_resolved).Dead);
        Assert.Equal(80, Delivered().Count());
    }

    [Fact]
    public async Task WhereEveryEventIsRefusedNoneIsToBlame()
    {
        var isRefusing = true;
        _service.OnPut = _ => Task.FromResult(isRefusing ? Answers.Error("InvalidParameterException") : Answers.Ok());
        _sender.Enqueue(Lines(1_000));
        await Soon.IsAsync(() => _service.Sent.Count > 200, _time, TimeSpan.FromSeconds(5));
        Assert.Empty(_resolved);
        Assert.StartsWith("InvalidParameterException", _sender.Status.Fault!.What, StringComparison.Ordinal);

        isRefusing = false;
        await Soon.IsAsync(() => !_resolved.IsEmpty, _time, TimeSpan.FromSeconds(5));

        Assert.Empty(Assert.Single(_resolved).Dead);
        Assert.Equal(1_000, _sender.Status.Events);
    }

    [Fact]
    public async Task ASingleEventIsGivenUpOnlyOnceTheStreamTakesOthers()
    {
        _service.OnPut = batch => Task.FromResult(RefuseIf(batch, "poison"));
        _sender.Enqueue(Lines(1, poison: [0]));
        await Soon.IsAsync(() => _service.Sent.Count > 10, _time, TimeSpan.FromSeconds(5));
        Assert.Empty(_resolved);

        _sender.Enqueue(Lines(1));
        await Soon.IsAsync(() => _resolved.Count == 2, _time, TimeSpan.FromSeconds(5));

        Assert.Equal([new DeadEvents(0, 1, Refused)], _resolved.Last().Dead);
    }

    [Fact]
    public async Task ARefusedNameIsNoFaultOfAnyEvent()
    {
        _service.OnPut = batch => Task.FromResult(Answers.Of(
            400, """{"__type":"InvalidParameterException","message":"Value 'a:b' at 'logGroupName' failed"}"""));
        _sender.Enqueue(Lines(100));

        await Soon.IsAsync(() => _service.Sent.Count > 10, _time, TimeSpan.FromSeconds(30));

        Assert.All(_service.Sent, sent => Assert.Equal(100, sent.Events));
        Assert.Empty(_resolved);
    }

    /// <summary>What the service quotes of an event is a customer's text, and the journal is read by others.</summary>
    [Fact]
    public async Task WhatTheServiceQuotesOfAnEventIsNotSaid()
    {
        _service.OnPut = _ => Task.FromResult(Answers.Of(400, """
            {"__type":"InvalidParameterException",
             "message":"1 error: Value 'it's a secret' at 'logEvents.1.member.message' failed to satisfy constraint"}
            """));
        _sender.Enqueue(Lines(1));
        await Soon.IsAsync(() => _sender.Status.Fault is not null);

        Assert.Equal(
            "InvalidParameterException: 1 error: Value '…' at 'logEvents.1.member.message' failed to satisfy "
            + "constraint", _sender.Status.Fault!.What);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsTooLongForAProxyGoesInSmallerPieces()
    {
        _service.OnPut = batch => Task.FromResult(batch.Events > 30 ? Answers.Of(413, "<html>") : Answers.Ok());

        await SendAsync(Lines(100));

        Assert.Empty(Assert.Single(_resolved).Dead);
        Assert.Equal(100, _sender.Status.Events);
    }

    [Fact]
    public async Task WhatIsTooOldCostsNoRequestOnceTheServicesTimeIsKnown()
    {
        var oldest = _time.GetUtcNow().AddDays(-14).AddMinutes(-1); // nearer to the bound the service judges
        _serviceNow = _time.GetUtcNow();
        await SendAsync(Some.Events((oldest.AddMilliseconds(-2), "a"), (oldest.AddMilliseconds(-1), "b"),
            (oldest, "c")));
        await SendAsync(Some.Events((oldest.AddDays(-3), "d"), (oldest.AddDays(-2.5), "e")));

        Assert.Equal([new DeadEvents(0, 2, TooOld)], _resolved.First().Dead);
        Assert.Equal([new DeadEvents(0, 2, TooOld)], _resolved.Last().Dead);
        Assert.Equal("c", Assert.Single(Delivered()));
        Assert.Equal(1, _sender.Status.Events);
    }

    [Fact]
    public async Task AWrongClockCondemnsNothing()
    {
        await SendAsync(Some.Events((_time.GetUtcNow().AddDays(-20), "a")));

        Assert.Empty(Assert.Single(_resolved).Dead);
        Assert.Equal(1, _sender.Status.Events);
    }

    /// <summary>The answer's indexes are into what was sent (API: PutLogEvents, rejectedLogEventsInfo).</summary>
    [Theory]
    [InlineData("\"tooOldLogEventEndIndex\":0", "")]
    [InlineData("\"tooOldLogEventEndIndex\":4", "0+4 old")]
    [InlineData("\"tooOldLogEventEndIndex\":400", "0+4 old")]
    [InlineData("\"tooOldLogEventEndIndex\":-1", "")]
    [InlineData("\"expiredLogEventEndIndex\":0", "")]
    [InlineData("\"expiredLogEventEndIndex\":4", "0+4 expired")]
    [InlineData("\"tooOldLogEventEndIndex\":1,\"expiredLogEventEndIndex\":3", "0+1 old, 1+2 expired")]
    [InlineData("\"tooOldLogEventEndIndex\":3,\"expiredLogEventEndIndex\":1", "0+3 old")]
    [InlineData("\"tooNewLogEventStartIndex\":4", "")]
    public async Task WhatTheServiceRejectedIsDeadAndNoMore(string rejected, string dead)
    {
        _service.OnPut = _ => Task.FromResult(Answers.Ok(Rejection(rejected)));

        await SendAsync(Lines(4));

        Assert.Equal(dead, string.Join(", ", Assert.Single(_resolved).Dead.Select(events =>
            $"{events.First}+{events.Count} {(events.Reason == TooOld ? "old" : "expired")}")));
        Assert.Equal(4 - _resolved.Single().Dead.Sum(events => events.Count), _sender.Status.Events);
    }

    [Fact]
    public async Task WhatIsTooNewWaitsAndIsSentOnceTheServiceTakesIt()
    {
        var now = _time.GetUtcNow();
        _service.OnPut = batch => Task.FromResult(
            _time.GetUtcNow() >= now.AddMinutes(61) ? Answers.Ok(Rejection("\"expiredLogEventEndIndex\":1"))
            : Answers.Ok(batch.Events == 3
                ? Rejection("\"tooOldLogEventEndIndex\":1,\"tooNewLogEventStartIndex\":1")
                : Rejection("\"tooNewLogEventStartIndex\":0")));
        var batch = Some.Events((now, "a"), (now.AddHours(3), "b"), (now.AddHours(3).AddSeconds(1), "c"));

        _sender.Enqueue(batch);
        await Soon.IsAsync(() => _sender.Status.Fault is not null);
        var fault = _sender.Status.Fault!.What;
        await Soon.IsAsync(() => !_resolved.IsEmpty, _time, TimeSpan.FromSeconds(30));

        Assert.StartsWith("log events are stamped more than 2 hours ahead", fault, StringComparison.Ordinal);
        var (resolved, dead) = Assert.Single(_resolved);
        Assert.Equal(batch, resolved);
        Assert.Equal([new(0, 1, TooOld), new(1, 1, "older than the retention of the log group")], dead);
        Assert.Equal(Some.BodyOf(batch), Some.BodyOf(_service.Sent[0]));
        Assert.All(_service.Sent.Skip(1), rest => Assert.Equal(Some.BodyOf(batch.Part(1, 2)), Some.BodyOf(rest)));
        Assert.InRange(_service.Sent.Count, 3, 20);
        Assert.Equal(1, _sender.Status.Events);
        Assert.Null(_sender.Status.Fault);
    }

    static string Refused => "refused by the service: InvalidParameterException: because";

    static string Rejection(string rejected) =>
        "{\"nextSequenceToken\":\"1\",\"rejectedLogEventsInfo\":{" + rejected + "}}";

    static ServiceAnswer RefuseIf(EventBatch batch, string text) =>
        Some.BodyOf(batch).Contains(text, StringComparison.Ordinal)
            ? Answers.Error("InvalidParameterException")
            : Answers.Ok();

    EventBatch Lines(int count, params int[] poison) => Some.Events([
        .. Enumerable.Range(0, count).Select(i =>
            (_time.GetUtcNow(), poison.Contains(i) ? $"poison {i}" : $"line {i}"))
    ]);

    async Task SendAsync(EventBatch batch)
    {
        var before = _resolved.Count;
        _sender.Enqueue(batch);
        await Soon.IsAsync(() => _resolved.Count > before, _time, TimeSpan.FromSeconds(1));
        Assert.Empty(_deaths);
    }

    // The messages of all requests that were taken.
    IEnumerable<string> Delivered() =>
        from sent in _service.Sent
        let body = Some.BodyOf(sent)
        where !body.Contains("poison", StringComparison.Ordinal)
        from text in body.Split("\"message\":\"").Skip(1)
        select text[..text.IndexOf('"', StringComparison.Ordinal)];
}
