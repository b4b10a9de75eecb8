using System.Runtime.CompilerServices;
using Agent.Events;
using CloudWatch.Wire;

namespace Agent.Upload;

/// <summary>Whose turn it is to send: so many at once and, while the service throttles, so many a second. Next is the
/// stream with the fewest requests on their way, of equal ones that which waits longest, so that one with much to
/// send does not keep the others waiting. Any thread may call.</summary>
/// <param name="most">How many may be on their way at once.</param>
sealed class SendTurns(int most, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly SendRate _rate = new();
    readonly SendWidth _width = new(most);
    readonly SortedSet<SendQueue> _waiting = new(Comparer<SendQueue>.Create(
        (one, other) => (one.Running, one.Since).CompareTo((other.Running, other.Since))));
    readonly long _began = time.GetTimestamp();
    ITimer? _timer;
    int _running;
    long _asked;
    long _sent;
    long _throttled;

    /// <summary>How it goes.</summary>
    public SenderStatus Status
    {
        get
        {
            lock (_lock)
            {
                _rate.Wait(Now); // it may have been forgotten by now that the service throttled
                return new(_running, _rate.PerSecond, _sent, _throttled);
            }
        }
    }

    /// <summary>Sends one request when it is its turn.</summary>
    /// <param name="own">Of the stream that takes turns with others; it belongs to these turns from its first
    /// on.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ServiceAnswer> SendAsync(
        SendQueue own, Func<Task<ServiceAnswer>> send, CancellationToken cancel)
    {
        // Who gives up does not give back: that is at the end, when nobody takes a turn any more.
        await NextTurnAsync(own).WaitAsync(cancel);
        var sentAt = Now;
        ServiceAnswer? answer = null;
        try
        {
            return answer = await send();
        }
        finally
        {
            Give(own, answer, sentAt);
        }
    }

    Task NextTurnAsync(SendQueue own)
    {
        lock (_lock)
        {
            NoteWidth();
            if (_running < _width.Most && _waiting.Count == 0 && _rate.Wait(Now) <= TimeSpan.Zero)
            {
                Start(own);
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            own.Waiting.Enqueue(turn);
            if (own.Waiting.Count == 1)
            {
                Line(own);
            }

            StartWhatMay();
            return turn.Task;
        }
    }

    // What got no answer tells nothing of the rate.
    void Give(SendQueue own, ServiceAnswer? answer, TimeSpan sentAt)
    {
        Verdict? verdict = answer is null ? null : Verdicts.Of(answer);
        lock (_lock)
        {
            NoteWidth();
            _running--;
            EndOne(own);
            _sent++;
            if (verdict == Verdict.SlowDown)
            {
                _throttled++;
                _rate.Throttled(sentAt, Now);
            }
            else if (verdict is not null)
            {
                _rate.Taken(Now);
            }

            StartWhatMay();
            NoteWidth();
        }
    }

    TimeSpan Now => time.GetElapsedTime(_began);

    void StartWhatMay()
    {
        while (_waiting.Count > 0)
        {
            if ((_running < _width.Most ? TimeSpan.Zero : _width.WaitForMore(Now)) is not { } wait)
            {
                return; // for an answer
            }

            wait = wait > TimeSpan.Zero ? wait : _rate.Wait(Now);
            if (wait > TimeSpan.Zero)
            {
                WakeIn(wait);
                return;
            }

            var next = _waiting.Min!;
            _waiting.Remove(next);
            Start(next);
            next.Waiting.Dequeue().SetResult();
            if (next.Waiting.Count > 0)
            {
                Line(next);
            }
        }
    }

    // It is in no order while its number changes.
    void Start(SendQueue queue)
    {
        _rate.Sent(Now);
        _running++;
        queue.Running++;
    }

    // Behind those that wait already.
    void Line(SendQueue own)
    {
        own.Since = ++_asked;
        _waiting.Add(own);
    }

    // What waits is in order of this, and would not be found again.
    void EndOne(SendQueue own)
    {
        var isWaiting = _waiting.Remove(own);
        own.Running--;
        if (isWaiting)
        {
            _waiting.Add(own);
        }
    }

    void NoteWidth() => _width.Note(_running, othersWait: _waiting.Count > 0, Now);

    void WakeIn(TimeSpan wait)
    {
        _timer ??= time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    void Wake()
    {
        lock (_lock)
        {
            StartWhatMay();
        }
    }
}
