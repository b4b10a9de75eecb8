namespace Agent.Events;

/// <summary>What happens to thousands of files at a time is said one by one of the first only. For one thread, or under
/// a lock.</summary>
sealed class Crowd(TimeProvider time)
{
    /// <summary>How many are said one by one.</summary>
    public const int SaidOneByOne = 20;

    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    int _size;
    long _last;

    /// <summary>Another one comes. What came more than a minute ago is no part of the crowd.</summary>
    /// <returns>Its place in the crowd: up to <see cref="SaidOneByOne"/> it is to be said, at the next that there are
    /// more.</returns>
    public int Join()
    {
        _size = _size > 0 && time.GetElapsedTime(_last) < Interval ? _size + 1 : 1;
        _last = time.GetTimestamp();
        return _size;
    }
}
