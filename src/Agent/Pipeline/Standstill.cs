namespace Agent.Pipeline;

/// <summary>Whether lines wait at a path and none of them moves on, for whatever reason: no fault that anybody foresaw
/// may keep lines waiting for ever behind a status that says all is well.</summary>
sealed class Standstill(TimeProvider time)
{
    // Longer than a turn among thousands of files takes, or a look into the compressed ones.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    long _progress;
    long? _since; // null while nothing waits

    /// <summary>Whether it is one, as of the last look.</summary>
    public bool IsLong { get; private set; }

    /// <param name="isWaiting">Whether there is something to read or to deliver.</param>
    /// <param name="progress">Any number that is another one after each step.</param>
    /// <returns>Whether it is one now and was none before.</returns>
    public bool Look(bool isWaiting, long progress)
    {
        if (!isWaiting)
        {
            _since = null;
        }
        else if (_since is null || progress != _progress)
        {
            _since = time.GetTimestamp();
        }

        _progress = progress;
        var wasLong = IsLong;
        IsLong = _since is { } first && time.GetElapsedTime(first) >= Patience;
        return IsLong && !wasLong;
    }
}
