using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Upload;

/// <summary>Says how it goes with each log stream, once for all files that go there: there may be thousands. Of the
/// files that begin to arrive at a time the first are said one by one. Trouble is said at once the first time, then
/// once a minute with how often it was tried, and when it is over: an outage must not fill the journal that it is to be
/// found in. Any thread may call.</summary>
sealed partial class DeliveryLog(TimeProvider time, ILogger log)
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    readonly ILogger _log = log;
    readonly Lock _lock = new();
    readonly Dictionary<LogTarget, Crowd> _arrived = [];
    readonly Dictionary<LogTarget, Outage> _outages = [];

    sealed class Outage(long since)
    {
        public long Since { get; } = since;
        public long Said { get; set; }
        public int Tries { get; set; }
        public int Senders { get; set; }
    }

    /// <summary>The first log events of a file were taken.</summary>
    public void Arrived(string path, LogTarget target)
    {
        lock (_lock)
        {
            if (!_arrived.TryGetValue(target, out var crowd))
            {
                _arrived[target] = crowd = new(time);
            }

            switch (crowd.Join())
            {
                case <= Crowd.SaidOneByOne:
                    LogFirst(path, target);
                    break;
                case Crowd.SaidOneByOne + 1:
                    LogMore(Crowd.SaidOneByOne, target);
                    break;
            }
        }
    }

    /// <summary>A batch was not taken.</summary>
    /// <param name="isNew">Whether its sender had no trouble before; then it says when that is over.</param>
    public void Trouble(LogTarget target, string fault, bool isNew)
    {
        lock (_lock)
        {
            if (!_outages.TryGetValue(target, out var outage))
            {
                _outages[target] = outage = new(time.GetTimestamp());
            }

            outage.Senders += isNew ? 1 : 0;
            outage.Tries++;
            if (outage.Tries == 1 || time.GetElapsedTime(outage.Said) >= Interval)
            {
                outage.Said = time.GetTimestamp();
                LogTrouble(target, fault, outage.Tries);
            }
        }
    }

    /// <summary>A sender that had trouble has none any more.</summary>
    /// <param name="isDelivering">Whether it delivers again; else it only ended.</param>
    public void Over(LogTarget target, bool isDelivering)
    {
        lock (_lock)
        {
            if (!_outages.TryGetValue(target, out var outage) || --outage.Senders > 0)
            {
                return;
            }

            _outages.Remove(target);
            if (isDelivering)
            {
                LogOver(target, (long)time.GetElapsedTime(outage.Since).TotalSeconds, outage.Tries);
            }
        }
    }

    [LoggerMessage(531, LogLevel.Information, "{Path}: log events arrive at {Target}")]
    partial void LogFirst(string path, LogTarget target);

    [LoggerMessage(532, LogLevel.Information,
        "Log events of more than {Files} files arrive at {Target}: the others are not said one by one, vigil status "
        + "--all lists them")]
    partial void LogMore(int files, LogTarget target);

    [LoggerMessage(520, LogLevel.Warning,
        "Cannot deliver to {Target}: {Fault} (tried {Tries} times). The lines are kept in their file and tried again")]
    partial void LogTrouble(LogTarget target, string fault, int tries);

    [LoggerMessage(521, LogLevel.Information,
        "Delivering to {Target} again after {Seconds} s and {Tries} failed tries")]
    partial void LogOver(LogTarget target, long seconds, int tries);
}
