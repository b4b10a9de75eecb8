namespace Agent.Upload;

/// <summary>How much was delivered a second of late: what is longer ago than a minute hardly counts. Not for several
/// threads at once.</summary>
sealed class RecentRate(TimeProvider time)
{
    static readonly TimeSpan Memory = TimeSpan.FromSeconds(20);

    long _at = time.GetTimestamp();
    double _events;
    double _bytes;

    /// <summary>Events and bytes a second.</summary>
    public (double Events, double Bytes) Now
    {
        get
        {
            Fade();
            return (_events, _bytes);
        }
    }

    public void Add(int events, long bytes)
    {
        Fade();
        _events += events / Memory.TotalSeconds;
        _bytes += bytes / Memory.TotalSeconds;
    }

    void Fade()
    {
        var now = time.GetTimestamp();
        var left = Math.Exp(-(time.GetElapsedTime(_at, now) / Memory));
        (_at, _events, _bytes) = (now, _events * left, _bytes * left);
    }
}
