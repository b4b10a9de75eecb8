namespace Agent.Upload;

/// <summary>The endpoint cannot be reached: no request got an answer since the last that did. Then one batch after the
/// other is tried instead of all, a thousand streams' too, and the first answer wakes all that wait, so that the end of
/// an outage is noticed within seconds. Any thread may call.</summary>
/// <remarks>A stream that is refused, throttled or met a fault of the service got an answer: that is its own
/// affair.</remarks>
sealed class Outage(TimeProvider time)
{
    /// <summary>The longest between two tries while nothing answers.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(5);

    // Should the one that tries never come to an end.
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    readonly Lock _lock = new();
    TaskCompletionSource? _over; // null while nobody waits
    bool _isProbed; // one waits to be tried next, or is being tried

    /// <summary>An answer came.</summary>
    public void End()
    {
        TaskCompletionSource? over;
        lock (_lock)
        {
            (over, _over) = (_over, null);
            _isProbed = false;
        }

        over?.TrySetResult();
    }

    /// <summary>Waits until a batch that got no answer may be tried again.</summary>
    /// <param name="backoff">How long it would wait if it were alone.</param>
    /// <param name="wasProbe">Whether it was the one that is tried.</param>
    /// <returns>Whether it is the one that is tried now: the others wait for what becomes of it.</returns>
    public async Task<bool> WaitAsync(TimeSpan backoff, bool wasProbe, CancellationToken cancel)
    {
        Task over;
        bool isProbe;
        lock (_lock)
        {
            _over ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            over = _over.Task;
            isProbe = wasProbe || !_isProbed;
            _isProbed = true;
        }

        var wait = !isProbe ? LongestWait : backoff < ProbeInterval ? backoff : ProbeInterval;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(over, Task.Delay(wait, time, either.Token));
        await either.CancelAsync();
        if (cancel.IsCancellationRequested && isProbe)
        {
            End(); // another must find out
        }

        cancel.ThrowIfCancellationRequested();
        return isProbe && !over.IsCompleted;
    }
}
