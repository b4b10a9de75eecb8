namespace Agent.Upload;

/// <summary>How many requests a second are sent while the service throttles: fewer at once when it does, slowly more
/// while it does not, so that the rate it allows is found and kept. There is no limit before it throttles, nor again
/// once it has not for a while. Not for several threads at once.</summary>
/// <remarks>Times are since any fixed moment.</remarks>
sealed class SendRate
{
    const double Decrease = 0.7;
    const double LeastPerSecond = 0.5;

    // In a second, as a share of the rate when it was throttled last, and at least.
    const double IncreaseShare = 0.1;
    const double LeastIncrease = 0.5;

    // After so long without throttling something has changed: the rate doubles each second.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(10);

    // A timer is late by a few milliseconds: what was missed may be caught up with.
    static readonly TimeSpan MostCatchUp = TimeSpan.FromMilliseconds(20);

    static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    TimeSpan _lowered;
    TimeSpan _grown;
    TimeSpan _next;
    double _increase;
    TimeSpan _windowBegan;
    int _taken; // in this window
    int _takenBefore; // in the one before

    /// <summary>Requests a second; null without limit.</summary>
    public double? PerSecond { get; private set; }

    /// <summary>How long until the next may be sent; zero when it may be now.</summary>
    public TimeSpan Wait(TimeSpan now)
    {
        Grow(now);
        return PerSecond is null || _next <= now ? TimeSpan.Zero : _next - now;
    }

    /// <summary>One is sent.</summary>
    public void Sent(TimeSpan now)
    {
        if (PerSecond is { } rate)
        {
            var from = _next < now - MostCatchUp ? now - MostCatchUp : _next;
            _next = from + TimeSpan.FromSeconds(1 / rate);
        }
    }

    /// <summary>One was answered, and not throttled.</summary>
    public void Taken(TimeSpan now)
    {
        Slide(now);
        _taken++;
    }

    /// <summary>One was throttled.</summary>
    /// <param name="sentAt">When it was sent: what went before the rate was lowered says nothing of the lower
    /// rate.</param>
    public void Throttled(TimeSpan sentAt, TimeSpan now)
    {
        Slide(now);
        if (PerSecond is not null && sentAt <= _lowered)
        {
            return;
        }

        // What the service took is more to the point than what was tried.
        var taken = Math.Max(_taken, _takenBefore) / Window.TotalSeconds;
        var rate = Math.Min(PerSecond ?? double.MaxValue, taken);
        var lowered = Math.Max(rate * Decrease, LeastPerSecond);
        PerSecond = lowered;
        _increase = Math.Max(rate * IncreaseShare, LeastIncrease);
        _next = now + TimeSpan.FromSeconds(1 / lowered);
        _lowered = _grown = now;
    }

    void Grow(TimeSpan now)
    {
        if (PerSecond is not { } rate)
        {
            return;
        }

        var since = now - _lowered;
        var seconds = (now - _grown).TotalSeconds;
        _grown = now;
        PerSecond = since >= Forgotten ? null
            : since >= Patience ? rate * Math.Pow(2, seconds)
            : rate + (_increase * seconds);
    }

    void Slide(TimeSpan now)
    {
        var windows = (long)((now - _windowBegan) / Window);
        if (windows > 0)
        {
            (_takenBefore, _taken) = (windows == 1 ? _taken : 0, 0);
            _windowBegan += Window * windows;
        }
    }
}
