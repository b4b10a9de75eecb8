using Microsoft.Extensions.Logging;

namespace Agent.Aws;

/// <summary>The time as the service has it: the host's, corrected by what its answers showed it to be wrong. A request
/// that is signed more than some minutes off is refused, and an event stamped hours off is rejected, however good
/// everything else is. Any thread may call.</summary>
/// <remarks>Only the time of day is corrected; what is measured is measured by the host's clock.</remarks>
sealed partial class ServiceTime(TimeProvider host, ILogger log) : TimeProvider
{
    // A Date header counts whole seconds, and was a while on its way: what is less is no fault of the host's clock.
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    readonly ILogger _log = log;
    readonly Lock _lock = new();
    long _correctionTicks;
    volatile bool _isKnown;

    public override long TimestampFrequency => host.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => host.LocalTimeZone;

    /// <summary>The time as an answer of the service showed it to be; null until one did.</summary>
    public DateTimeOffset? Known => _isKnown ? GetUtcNow() : null;

    TimeSpan Correction => new(Volatile.Read(ref _correctionTicks));

    public override DateTimeOffset GetUtcNow() => host.GetUtcNow() + Correction;

    public override long GetTimestamp() => host.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        host.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes note of what the service said the time is.</summary>
    /// <returns>Whether the time that was taken so far was wrong.</returns>
    public bool Learn(DateTimeOffset said)
    {
        TimeSpan correction;
        lock (_lock)
        {
            if ((said - GetUtcNow()).Duration() <= Tolerance)
            {
                _isKnown = true;
                return false;
            }

            correction = said - host.GetUtcNow();
            correction = correction.Duration() <= Tolerance ? TimeSpan.Zero : correction;
            Volatile.Write(ref _correctionTicks, correction.Ticks);
            _isKnown = true;
        }

        if (correction == TimeSpan.Zero)
        {
            LogRight();
        }
        else
        {
            LogWrong((long)Math.Abs(correction.TotalSeconds), correction > TimeSpan.Zero ? "slow" : "fast");
        }

        return true;
    }

    [LoggerMessage(800, LogLevel.Warning,
        "This host's clock is {Seconds} s {Direction} by the service's; the service's time is used. Set the clock: let "
        + "chrony or systemd-timesyncd run")]
    partial void LogWrong(long seconds, string direction);

    [LoggerMessage(801, LogLevel.Information, "This host's clock agrees with the service's again")]
    partial void LogRight();
}
