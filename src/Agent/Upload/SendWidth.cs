namespace Agent.Upload;

/// <summary>How many requests go at once: few, more when others have waited for a while, and few again when it was
/// calm for long. Not for several threads at once.</summary>
/// <remarks>A hundred streams that send every five seconds wake together, and are done as soon by few connections as by
/// many, each of which is memory. Where they are not done soon, since the service takes its time, more go at once.
/// Times are since any fixed moment.</remarks>
/// <param name="most">How many it may become.</param>
sealed class SendWidth(int most)
{
    const int Few = 16;
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(30);
    static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    TimeSpan? _fullSince; // as many are on their way, and others wait
    TimeSpan? _calmSince; // few are on their way, and nobody waits

    /// <summary>How many may be on their way.</summary>
    public int Most { get; private set; } = Math.Min(Few, most);

    /// <summary>To be told before and after it changes how many are on their way, and whether others wait.</summary>
    public void Note(int running, bool othersWait, TimeSpan now)
    {
        _fullSince = othersWait && running >= Most ? _fullSince : null;
        _calmSince = othersWait || running > Few ? null : _calmSince ?? now;
        Most = now - _calmSince >= Calm ? Math.Min(Few, most) : Most;
    }

    /// <summary>As many are on their way, and others wait: how long until more may; null where that is never. Zero says
    /// that more may by now.</summary>
    public TimeSpan? WaitForMore(TimeSpan now)
    {
        if (Most == most)
        {
            return null;
        }

        var left = Patience - (now - (_fullSince ??= now));
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        (Most, _fullSince) = (Math.Min(2 * Most, most), now);
        return TimeSpan.Zero;
    }
}
