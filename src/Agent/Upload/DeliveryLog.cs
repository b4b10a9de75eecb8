using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Upload;

/// <summary>Says that a stream cannot deliver: at once the first time, then once a minute with how often it was tried,
/// and when it is over. An outage must not fill the journal that it is to be found in.</summary>
sealed partial class TroubleLog(TimeProvider time, ILogger log)
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    string _fault = "";
    DateTimeOffset _since;
    long _said;
    int _tries;

    /// <summary>What is in the way now; null when nothing is.</summary>
    public DeliveryFault? Current
    {
        get
        {
            lock (_lock)
            {
                return _tries == 0 ? null : new(_fault, _since, _tries);
            }
        }
    }

    public void Say(LogTarget target, string fault)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tries++;
            _fault = fault;
            if (_tries == 1)
            {
                _since = time.GetUtcNow();
            }
            else if (time.GetElapsedTime(_said) < Interval)
            {
                return;
            }

            _said = now;
            LogTrouble(target, fault, _tries);
        }
    }

    public void Over(LogTarget target)
    {
        lock (_lock)
        {
            if (_tries == 0)
            {
                return;
            }

            LogOver(target, (long)(time.GetUtcNow() - _since).TotalSeconds, _tries);
            _tries = 0;
        }
    }

    [LoggerMessage(520, LogLevel.Warning,
        "Cannot deliver to {Target}: {Fault} (tried {Tries} times). The lines are kept in their file and tried again")]
    partial void LogTrouble(LogTarget target, string fault, int tries);

    [LoggerMessage(521, LogLevel.Information,
        "Delivering to {Target} again after {Seconds} s and {Tries} failed tries")]
    partial void LogOver(LogTarget target, long seconds, int tries);
}
