using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Notify;

/// <summary>The notices that wait for one channel: sent in their order, each until it is taken. Where they come in
/// floods several are told of at once.</summary>
/// <param name="isRecorded">Ends once a notice is on disk: what is told before could be told twice.</param>
/// <param name="told">Called with what was taken.</param>
/// <param name="roll">A number from 0 to 1, so that many hosts do not try again at one time.</param>
sealed partial class ChannelQueue(
    Channel channel, Func<Task> isRecorded, Action<IReadOnlyList<AlarmNotice>> told, Func<double> roll,
    TimeProvider time, ILogger log) : IDisposable
{
    const int MostWaiting = 500;
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    readonly ILogger _log = log;
    readonly Lock _lock = new();
    readonly List<AlarmNotice> _waiting = [];
    readonly SemaphoreSlim _added = new(0);
    readonly Queue<long> _sent = new();
    string? _trouble;

    public string Name => channel.Name;

    /// <summary>Why nothing is taken at present; null while it is.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public void Add(AlarmNotice notice)
    {
        AlarmNotice? givenUp = null;
        lock (_lock)
        {
            _waiting.Add(notice);
            if (_waiting.Count > MostWaiting)
            {
                givenUp = _waiting[0];
                _waiting.RemoveAt(0);
            }
        }

        if (givenUp is not null)
        {
            LogGivenUp(MostWaiting, Name, givenUp.Alarm, givenUp.NewState, givenUp.ChangedAt);
        }

        _added.Release();
    }

    /// <summary>Sends until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _added.WaitAsync(stopping);
                await UntilAllowedAsync(stopping);
                if (Next() is { Count: > 0 } next)
                {
                    await isRecorded();
                    await SendAsync(next, stopping);
                    told(next);
                    Forget(next);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was not told is told after the next start.
        }
    }

    public void Dispose()
    {
        _added.Dispose();
        channel.Dispose();
    }

    // One at a time, but several once there are many.
    List<AlarmNotice> Next()
    {
        lock (_lock)
        {
            return [.. _waiting.Take(_sent.Count < channel.MostAMinute ? 1 : channel.MostAtOnce)];
        }
    }

    void Forget(List<AlarmNotice> told)
    {
        lock (_lock)
        {
            _waiting.RemoveAll(told.Contains);
        }
    }

    // The window is a minute: the notice that fills it takes all with it that came meanwhile.
    async Task UntilAllowedAsync(CancellationToken stopping)
    {
        while (_sent.TryPeek(out var first) && time.GetElapsedTime(first) >= TimeSpan.FromMinutes(1))
        {
            _sent.Dequeue();
        }

        if (_sent.Count > channel.MostAMinute)
        {
            await Task.Delay(TimeSpan.FromMinutes(1) - time.GetElapsedTime(_sent.Peek()), time, stopping);
            await UntilAllowedAsync(stopping);
        }
    }

    async Task SendAsync(List<AlarmNotice> notices, CancellationToken stopping)
    {
        var wait = FirstWait;
        while (true)
        {
            try
            {
                await channel.SendAsync(notices, stopping);
                _sent.Enqueue(time.GetTimestamp());
                if (Trouble is not null)
                {
                    LogTaken(Name);
                }

                Volatile.Write(ref _trouble, null);
                return;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // Whatever it is: that people cannot be told is no reason to ship nothing.
                if (Trouble is null)
                {
                    LogRefused(Name, e.Message);
                }

                Volatile.Write(ref _trouble, e.Message);
            }

            await Task.Delay(wait * (0.5 + (roll() / 2)), time, stopping);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    [LoggerMessage(900, LogLevel.Warning,
        "Notices of alarms cannot be given to {Channel}: {Fault}. They are kept, and it is tried again")]
    partial void LogRefused(string channel, string fault);

    [LoggerMessage(901, LogLevel.Information, "Notices of alarms are given to {Channel} again")]
    partial void LogTaken(string channel);

    [LoggerMessage(904, LogLevel.Warning,
        "More than {Most} notices of alarms wait for {Channel}. The oldest is given up: {Alarm} was {State} at "
        + "{At:yyyy-MM-ddTHH:mm:ssZ}. See that the channel takes them again, or notify of fewer alarms")]
    partial void LogGivenUp(int most, string channel, string alarm, string state, DateTimeOffset at);
}
