using System.Collections.Concurrent;
using System.Text;
using Agent.Events;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Support;

/// <summary>A service that answers as it is told to, and remembers what it was asked.</summary>
sealed class ScriptedService
{
    readonly ConcurrentQueue<(LogTarget Target, EventBatch Batch)> _sent = new();
    readonly ConcurrentQueue<(string Action, string Body)> _calls = new();
    int _running;
    int _mostRunning;

    /// <summary>Answers PutLogEvents; accepts everything unless told otherwise.</summary>
    public Func<EventBatch, Task<ServiceAnswer>> OnPut { get; set; } = _ => Task.FromResult(Answers.Ok());

    /// <summary>The same by where it goes; goes before the other where it is set.</summary>
    public Func<LogTarget, Task<ServiceAnswer>>? OnPutTo { get; set; }

    /// <summary>Answers every other action.</summary>
    public Func<string, Task<ServiceAnswer>> OnCall { get; set; } = _ => Task.FromResult(Answers.Ok());

    public IReadOnlyList<EventBatch> Sent => [.. _sent.Select(one => one.Batch)];

    public IEnumerable<LogTarget> SentTo => _sent.Select(one => one.Target);

    public IReadOnlyList<(string Action, string Body)> Calls => [.. _calls];

    /// <summary>The most requests that were on their way at once.</summary>
    public int MostRunning => _mostRunning;

    public IEnumerable<string> Actions => Calls.Select(call => call.Action);

    /// <summary>What all that send to it share; null for shares of their own.</summary>
    public SendShares? Shares { get; init; }

    /// <summary>What senders need to send to it, with waits of half the longest.</summary>
    public Sending Sending(
        FakeTimeProvider time, ILogger log, CancellationToken stopping, Action<Exception>? died = null,
        Outage? outage = null, Func<DateTimeOffset?>? now = null)
    {
        var backoff = new Backoff(() => 0.5);
        var settings = new GroupSettings(CallAsync, backoff, time, log);
        return new(
            PutAsync, new(48, time), Shares ?? new(48, time),
            new(CallAsync, new(8, time), log) { GroupMade = settings.NoteMade }, settings,
            new(time, log), backoff, outage ?? new(time), time, now ?? (() => null), died ?? (_ => { }), stopping);
    }

    public async Task<ServiceAnswer> PutAsync(LogTarget target, EventBatch batch, CancellationToken cancel)
    {
        _sent.Enqueue((target, batch));
        var running = Interlocked.Increment(ref _running);
        for (var most = _mostRunning; running > most; most = _mostRunning)
        {
            Interlocked.CompareExchange(ref _mostRunning, running, most);
        }

        try
        {
            return await (OnPutTo?.Invoke(target) ?? OnPut(batch)).WaitAsync(cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public Task<ServiceAnswer> CallAsync(string action, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        _calls.Enqueue((action, Encoding.UTF8.GetString(body.Span)));
        return OnCall(action).WaitAsync(cancel);
    }
}
