namespace LocalCloud.Faults;

/// <summary>The host's clock, set wrong on purpose: only the time of day, not what is measured by it.</summary>
sealed class FaultyClock(TimeProvider host) : TimeProvider
{
    long _offsetTicks;

    public TimeSpan Offset
    {
        get => new(Volatile.Read(ref _offsetTicks));
        set => Volatile.Write(ref _offsetTicks, value.Ticks);
    }

    public override long TimestampFrequency => host.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => host.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => host.GetUtcNow() + Offset;

    public override long GetTimestamp() => host.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        host.CreateTimer(callback, state, dueTime, period);
}
