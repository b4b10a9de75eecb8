using System.Collections.Concurrent;
using Agent.Events;
using Agent.Tests.Support;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>A batch is sent until the service has it, whatever the service says until then.</summary>
public sealed class StreamSenderTests : IDisposable
{
    static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    readonly FakeTimeProvider _time = new();
    readonly CollectingLog _log = new();
    readonly ScriptedService _service = new();
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentQueue<(EventBatch Batch, IReadOnlyList<DeadEvents> Dead)> _resolved = new();
    readonly ConcurrentQueue<Exception> _deaths = new();
    readonly Outage _outage;
    readonly StreamSender _sender;

    public StreamSenderTests()
    {
        _outage = new(_time);
        _sender = NewSender(Task.FromResult(Some.Target));
    }

    public void Dispose() => _stopping.Dispose();

    [Theory]
    [InlineData("ThrottlingException")]
    [InlineData("AccessDeniedException")]
    [InlineData("InvalidParameterException")]
    [InlineData("ExpiredTokenException")]
    [InlineData("ResourceNotFoundException")]
    [InlineData("SomethingNewException")]
    public async Task ABatchIsSentAgainUntilItIsTakenAndResolvedOnce(string error)
    {
        var tries = 0;
        _service.OnPut = _ =>
            Task.FromResult(Interlocked.Increment(ref tries) <= 40 ? Answers.Error(error) : Answers.Ok());
        var batch = Some.Batch(10);

        _sender.Enqueue(batch);
        await Soon.IsAsync(() => !_resolved.IsEmpty, _time, Step);

        Assert.Equal(batch, Assert.Single(_resolved).Batch);
        Assert.Empty(Assert.Single(_resolved).Dead);
        Assert.Equal(41, tries);
        var trouble = _log.Lines.First(IsTrouble);
        Assert.StartsWith("Warning: Cannot deliver to group/stream: ", trouble, StringComparison.Ordinal);
        Assert.Contains(error, trouble, StringComparison.Ordinal);
        Assert.StartsWith("Information: Delivering to group/stream again after", _log.Lines[^1]);
        Assert.Empty(_deaths);
    }

    [Theory]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(TimeoutException))]
    public async Task WhatNetworksThrowIsTriedAgain(Type thrown)
    {
        var tries = 0;
        _service.OnPut = _ => Interlocked.Increment(ref tries) <= 3
            ? Task.FromException<ServiceAnswer>((Exception)Activator.CreateInstance(thrown)!)
            : Task.FromResult(Answers.Ok());

        _sender.Enqueue(Some.Batch(10));
        await Soon.IsAsync(() => !_resolved.IsEmpty, _time, Step);

        Assert.Empty(_deaths);
    }

    [Fact]
    public async Task StoppingResolvesNothing()
    {
        _service.OnPut = _ => Task.FromResult(Answers.Error("ThrottlingException"));
        for (var i = 1; i <= 5; i++)
        {
            _sender.Enqueue(Some.Batch(i));
        }

        await Soon.IsAsync(() => _service.Sent.Count >= 4, _time, Step);
        await _stopping.CancelAsync();
        _service.OnPut = _ => Task.FromResult(Answers.Ok());
        var sent = _service.Sent.Count;
        _time.Advance(TimeSpan.FromHours(1));
        _sender.Enqueue(Some.Batch(6));
        await Soon.IsAsync(() => _service.Sent.Count >= sent);

        Assert.Empty(_resolved);
        Assert.Empty(_deaths);
    }

    [Fact]
    public async Task AnErrorThatNobodyForesawReachesTheOneWhoMustStopTheAgent()
    {
        _service.OnPut = _ => throw new InvalidOperationException("bug");

        _sender.Enqueue(Some.Batch(1));
        await Soon.IsAsync(() => !_deaths.IsEmpty);

        Assert.Equal("bug", Assert.Single(_deaths).Message);
        Assert.Empty(_resolved);
    }

    [Fact]
    public async Task InAnOutageOneOfManyStreamsIsTriedAndAllGoOnWithinSecondsOfItsEnd()
    {
        const int Streams = 40;
        var isOver = false;
        _service.OnPut = _ => isOver
            ? Task.FromResult(Answers.Ok())
            : Task.FromException<ServiceAnswer>(new HttpRequestException("no route"));
        var senders = Enumerable.Range(0, Streams).Select(_ => NewSender(Task.FromResult(Some.Target))).ToList();
        senders.ForEach(sender => sender.Enqueue(Some.Batch(10)));
        await Soon.IsAsync(() => _service.Sent.Count >= Streams);
        var began = _time.GetUtcNow();
        await Soon.IsAsync(() => _time.GetUtcNow() - began > TimeSpan.FromMinutes(10), _time, TimeSpan.FromSeconds(1));
        var tries = _service.Sent.Count;
        isOver = true;
        var ended = _time.GetUtcNow();
        await Soon.IsAsync(() => _resolved.Count == Streams, _time, TimeSpan.FromSeconds(1));

        Assert.InRange(tries, Streams, 300); // one every 5 s, and not each of them every 30
        Assert.InRange(_time.GetUtcNow() - ended, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.Empty(_deaths);
    }

    /// <summary>A role that cannot be assumed is the trouble of its own streams: neither do the answers that others get
    /// wake them, nor do they keep anybody from trying.</summary>
    [Fact]
    public async Task AStreamWithoutCredentialsWaitsByItself()
    {
        var asked = 0;
        var isAway = true;
        var lacking = NewSender(Task.FromResult(new LogTarget("lacking", "s", null, null)));
        var others = Enumerable.Range(0, 3).Select(_ => NewSender(Task.FromResult(Some.Target))).ToList();
        _service.OnPutTo = target =>
        {
            if (target.Group == "lacking")
            {
                Interlocked.Increment(ref asked);
                throw new HttpRequestException(HttpRequestError.UserAuthenticationError, "no role");
            }

            return isAway ? throw new HttpRequestException("no route") : Task.FromResult(Answers.Ok());
        };
        lacking.Enqueue(Some.Batch(1));
        others.ForEach(sender => sender.Enqueue(Some.Batch(1)));
        await Soon.IsAsync(() => asked > 3, _time, TimeSpan.FromSeconds(1));
        isAway = false;
        await Soon.IsAsync(() => _resolved.Count == 3, _time, TimeSpan.FromSeconds(1));
        var before = asked;
        for (var i = 0; i < 200; i++)
        {
            others[0].Enqueue(Some.Batch(2 + i));
        }

        await Soon.IsAsync(() => _resolved.Count == 203);

        Assert.Equal(before, asked);
        Assert.Equal("no role", lacking.Status.Fault!.What);
        Assert.Empty(_deaths);
    }

    [Fact]
    public async Task AMissingTargetIsMadeAndTheBatchesThatWaitedForItGoAtOnce()
    {
        var exists = false;
        var creation = new TaskCompletionSource<ServiceAnswer>();
        _service.OnPut = _ => Task.FromResult(exists ? Answers.Ok() : Answers.Error("ResourceNotFoundException"));
        _service.OnCall = _ => creation.Task;
        _sender.Enqueue(Some.Batch(1));
        _sender.Enqueue(Some.Batch(2));

        // Two batches are sent before the first creation may answer.
        await Soon.IsAsync(() => _service.Sent.Count == 2 && _service.Calls.Count > 0);
        exists = true;
        creation.SetResult(Answers.Ok());
        await Soon.IsAsync(() => _resolved.Count == 2);

        Assert.DoesNotContain(_log.Lines, IsTrouble);
    }

    [Fact]
    public async Task ATargetThatCannotBeMadeIsSaidWithTheReasonAndTriedAgain()
    {
        _service.OnPut = _ => Task.FromResult(Answers.Error("ResourceNotFoundException"));
        _service.OnCall = _ => Task.FromResult(Answers.Error("AccessDeniedException"));
        _sender.Enqueue(Some.Batch(1));
        await Soon.IsAsync(() => _service.Calls.Count >= 3, _time, Step);

        Assert.Contains(_log.Lines, line => line.Contains("AccessDeniedException: because", StringComparison.Ordinal));
        _service.OnPut = _ => Task.FromResult(Answers.Ok());
        await Soon.IsAsync(() => !_resolved.IsEmpty, _time, Step);
    }

    [Fact]
    public async Task BatchesWaitForTheirNamesAndReadingGoesOn()
    {
        var target = new TaskCompletionSource<LogTarget>();
        var sender = NewSender(target.Task);
        sender.Enqueue(Some.Batch(1));
        Assert.True(sender.HasRoom);
        Assert.Empty(_service.Sent);

        target.SetResult(Some.Target);
        await Soon.IsAsync(() => !_resolved.IsEmpty);
        Assert.Equal([Some.Target], _service.SentTo);
    }

    [Fact]
    public async Task OneBatchMoreThanTheWindowMayBeBuiltAndNoMore()
    {
        var answer = new TaskCompletionSource<ServiceAnswer>();
        _service.OnPut = _ => answer.Task;
        Assert.True(_sender.HasRoom);
        _sender.Enqueue(Some.Batch(1, isFull: true));
        _sender.Enqueue(Some.Batch(2, isFull: true));
        _sender.Enqueue(Some.Batch(3, isFull: true));
        Assert.True(_sender.HasRoom);
        _sender.Enqueue(Some.Batch(4, isFull: true));
        Assert.False(_sender.HasRoom);
        await Soon.IsAsync(() => _service.Sent.Count == 3);

        answer.SetResult(Answers.Ok());
        await Soon.IsAsync(() => _resolved.Count == 4);
        Assert.True(_sender.HasRoom);
        Assert.Equal(3, _service.MostRunning);
    }

    [Fact]
    public async Task ASenderThatEndsInTroubleDoesNotKeepOthersTroubleFromBeingOver()
    {
        var isDenied = true;
        _service.OnPut = _ => Task.FromResult(isDenied ? Answers.Error("AccessDeniedException") : Answers.Ok());
        var ended = NewSender(Task.FromResult(Some.Target));
        ended.Enqueue(Some.Batch(1));
        _sender.Enqueue(Some.Batch(1));
        await Soon.IsAsync(() => ended.Status.Fault is not null && _sender.Status.Fault is not null);

        ended.Retire();
        Assert.Null(ended.Status.Fault);
        Assert.DoesNotContain(_log.Lines, IsOver);
        isDenied = false;
        await Soon.IsAsync(() => _log.Lines.Any(IsOver), _time, Step);
    }

    static bool IsOver(string line) =>
        line.StartsWith("Information: Delivering to group/stream again", StringComparison.Ordinal);

    static bool IsTrouble(string line) => line.StartsWith("Warning: Cannot deliver", StringComparison.Ordinal);

    StreamSender NewSender(Task<LogTarget> target)
    {
        return new(
            _service.Sending(_time, _log, _stopping.Token, _deaths.Enqueue, _outage), target,
            (batch, dead) => _resolved.Enqueue((batch, dead)), _log);
    }
}
