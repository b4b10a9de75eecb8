using CloudWatch.Wire;

namespace Agent.Upload;

/// <summary>Whose turn it is to send: so many at once and, while the service throttles, so many a second. The streams
/// take turns, each with one request, so that one with much to send does not keep the others waiting. Any thread may
/// call.</summary>
/// <param name="most">How many may be on their way at once.</param>
sealed class SendTurns(int most, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly SendRate _rate = new();
    readonly Dictionary<object, Queue<TaskCompletionSource>> _waiting = [];
    readonly Queue<object> _next = new(); // each that waits once
    readonly long _began = time.GetTimestamp();
    ITimer? _timer;
    int _running;

    /// <summary>Sends one request when it is its turn.</summary>
    /// <param name="stream">What takes turns with others.</param>
    public async Task<ServiceAnswer> SendAsync(
        object stream, Func<Task<ServiceAnswer>> send, CancellationToken cancel)
    {
        // Who gives up does not give back: that is at the end, when nobody takes a turn any more.
        await NextTurnAsync(stream).WaitAsync(cancel);
        var sentAt = Now;
        ServiceAnswer? answer = null;
        try
        {
            return answer = await send();
        }
        finally
        {
            Give(answer, sentAt);
        }
    }

    Task NextTurnAsync(object stream)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_waiting.TryGetValue(stream, out var own))
            {
                _waiting.Add(stream, own = new());
                _next.Enqueue(stream);
            }

            own.Enqueue(turn);
            StartWhatMay();
        }

        return turn.Task;
    }

    // What got no answer tells nothing of the rate.
    void Give(ServiceAnswer? answer, TimeSpan sentAt)
    {
        Verdict? verdict = answer is null ? null : Verdicts.Of(answer);
        lock (_lock)
        {
            _running--;
            if (verdict == Verdict.SlowDown)
            {
                _rate.Throttled(sentAt, Now);
            }
            else if (verdict is not null)
            {
                _rate.Taken(Now);
            }

            StartWhatMay();
        }
    }

    TimeSpan Now => time.GetElapsedTime(_began);

    void StartWhatMay()
    {
        while (_running < most && _next.Count > 0)
        {
            var wait = _rate.Wait(Now);
            if (wait > TimeSpan.Zero)
            {
                WakeIn(wait);
                return;
            }

            _rate.Sent(Now);
            _running++;
            StartNext();
        }
    }

    void StartNext()
    {
        var stream = _next.Dequeue();
        var own = _waiting[stream];
        own.Dequeue().SetResult();
        if (own.Count > 0)
        {
            _next.Enqueue(stream);
        }
        else
        {
            _waiting.Remove(stream);
        }
    }

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
