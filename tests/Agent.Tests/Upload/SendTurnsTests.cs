using System.Collections.Concurrent;
using Agent.Tests.Support;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>Streams take turns, and a service that throttles is asked less.</summary>
public sealed class SendTurnsTests
{
    readonly FakeTimeProvider _time = new();
    readonly ConcurrentDictionary<string, SendQueue> _queues = new();
    readonly ConcurrentQueue<(string Stream, TaskCompletionSource<ServiceAnswer> Answer)> _sent = new();

    [Fact]
    public async Task OneThatAsksOnceIsNextThoughAnotherAskedForManyBefore()
    {
        var turns = new SendTurns(2, _time);
        for (var i = 0; i < 10; i++)
        {
            Send(turns, "busy");
        }

        Send(turns, "quiet");
        Assert.Equal(["busy", "busy"], Streams);
        await AnswerAsync(Answers.Ok(), isFollowed: true);

        Assert.Equal(["busy", "busy", "quiet"], Streams);
    }

    [Fact]
    public async Task OneThatHasFewerOnTheirWayCatchesUpWithOneThatCameFirst()
    {
        var turns = new SendTurns(4, _time);
        for (var i = 0; i < 10; i++)
        {
            Send(turns, "first");
        }

        for (var i = 0; i < 10; i++)
        {
            Send(turns, "second");
        }

        await AnswerAsync(Answers.Ok(), isFollowed: true);
        await AnswerAsync(Answers.Ok(), isFollowed: true);
        Assert.Equal(["second", "second"], Streams.Skip(4));

        for (var i = 0; i < 3; i++)
        {
            await AnswerAsync(Answers.Ok(), isFollowed: true); // of two that had been sent first, and of one of second
        }

        Assert.Equal(["first", "first", "second"], Streams.Skip(6));
    }

    /// <summary>However many turns it had before, and however many others come.</summary>
    [Fact]
    public async Task OneThatSentForLongIsNotForgottenAmongNewOnes()
    {
        var turns = new SendTurns(2, _time);
        for (var i = 0; i < 100; i++)
        {
            Send(turns, "old");
            await AnswerAsync(Answers.Ok());
        }

        for (var i = 0; i < 60; i++)
        {
            Send(turns, $"new {i % 20}");
        }

        Send(turns, "old");
        for (var i = 0; i < 25; i++)
        {
            await AnswerAsync(Answers.Ok(), isFollowed: true);
        }

        Assert.Contains("old", Streams.Skip(100));
    }

    [Fact]
    public async Task AThrottledServiceIsAskedAgainLaterAndOthersWaitToo()
    {
        var turns = new SendTurns(8, _time);
        Send(turns, "one");
        await AnswerAsync(Answers.Error("ThrottlingException"));

        Send(turns, "two");
        Assert.Single(_sent);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Single(_sent);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await Soon.IsAsync(() => _sent.Count == 2);
    }

    [Fact]
    public async Task WhatFailsForAnotherReasonLimitsNothing()
    {
        var turns = new SendTurns(1, _time);
        Send(turns, "one");
        await AnswerAsync(Answers.Error("ServiceUnavailableException", 503));
        Send(turns, "one");
        await Soon.IsAsync(() => _sent.Count == 2);
        _sent.Last().Answer.SetException(new HttpRequestException("no route"));
        Send(turns, "one");
        await Soon.IsAsync(() => _sent.Count == 3); // though no time passed
    }

    [Fact]
    public async Task WithoutThrottlingForAWhileThereIsNoLimitAgain()
    {
        var turns = new SendTurns(8, _time);
        Send(turns, "one");
        await AnswerAsync(Answers.Error("ThrottlingException"));
        _time.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 8; i++)
        {
            Send(turns, "one");
        }

        await Soon.IsAsync(() => _sent.Count == 9); // at once
    }

    [Fact]
    public async Task WhereManyWaitForLongMoreAreSentAtOnce()
    {
        var turns = new SendTurns(40, _time);
        SendOfEach(turns, 50);
        Assert.Equal(16, _sent.Count);
        _time.Advance(TimeSpan.FromMilliseconds(30));
        await Soon.IsAsync(() => _sent.Count == 32);
        _time.Advance(TimeSpan.FromMilliseconds(29));
        await AnswerAsync(Answers.Ok(), isFollowed: true);
        Assert.Equal(33, _sent.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Soon.IsAsync(() => _sent.Count == 41);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(40, turns.Status.OnTheirWay); // and no more than may

        for (var i = 1; i < 50; i++)
        {
            await AnswerAsync(Answers.Ok(), isFollowed: _sent.Count < 50);
        }

        await Soon.IsAsync(() => turns.Status.OnTheirWay == 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        SendOfEach(turns, 50);
        Assert.Equal(66, _sent.Count); // few again
    }

    /// <summary>What waits while a service throttles does not wait for others to be answered.</summary>
    [Fact]
    public async Task AServiceThatThrottledIsNotAskedByManyOnceItTakesAllAgain()
    {
        var turns = new SendTurns(40, _time);
        SendOfEach(turns, 50); // sixteen go, and the others wait
        await AnswerAsync(Answers.Error("ThrottlingException"));
        for (var i = 1; i < 16; i++)
        {
            await AnswerAsync(Answers.Ok());
        }

        await Soon.IsAsync(() => turns.Status.OnTheirWay == 0);
        _time.Advance(TimeSpan.FromSeconds(30)); // it is forgotten that it throttled
        await Soon.IsAsync(() => turns.Status.OnTheirWay == 16);
    }

    [Fact]
    public async Task WhatIsAnsweredSoonIsSentByFew()
    {
        var turns = new SendTurns(40, _time);
        for (var round = 0; round < 10; round++)
        {
            var before = _sent.Count;
            SendOfEach(turns, 20);
            Assert.Equal(before + 16, _sent.Count);
            _time.Advance(TimeSpan.FromMilliseconds(20));
            for (var i = 0; i < 20; i++)
            {
                await AnswerAsync(Answers.Ok(), isFollowed: _sent.Count < before + 20);
            }

            await Soon.IsAsync(() => turns.Status.OnTheirWay == 0);
        }
    }

    IEnumerable<string> Streams => _sent.Select(one => one.Stream);

    void Send(SendTurns turns, string stream) => _ = turns.SendAsync(
        _queues.GetOrAdd(stream, _ => new()),
        () =>
        {
            var answer = new TaskCompletionSource<ServiceAnswer>();
            _sent.Enqueue((stream, answer));
            return answer.Task;
        },
        TestContext.Current.CancellationToken).AsTask();

    void SendOfEach(SendTurns turns, int streams)
    {
        for (var i = 0; i < streams; i++)
        {
            Send(turns, $"stream {i}");
        }
    }

    // Answers the oldest request that waits, and lets what follows from it happen.
    async Task AnswerAsync(ServiceAnswer answer, bool isFollowed = false)
    {
        var count = _sent.Count;
        _sent.First(one => !one.Answer.Task.IsCompleted).Answer.SetResult(answer);
        if (isFollowed)
        {
            await Soon.IsAsync(() => _sent.Count > count);
        }
    }
}
