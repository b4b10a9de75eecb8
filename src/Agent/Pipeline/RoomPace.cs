namespace Agent.Pipeline;

/// <summary>How often those that found no room are tried again. Each answer of the service may have made room, and
/// where thousands wait for as many answers, to try all of them at each would be all that the thread does.</summary>
sealed class RoomPace(TimeProvider time)
{
    // A hundred are tried in a fraction of a millisecond, and at once: a busy stream must not wait.
    const int WaitingPerMillisecond = 100;

    long _tried;
    bool _isMade;

    /// <summary>Room may have become free.</summary>
    public void NoteRoom() => _isMade = true;

    /// <summary>How long until so many may be tried again; null when there is no reason to.</summary>
    public TimeSpan? Due(int waiting) =>
        _isMade && waiting > 0
            ? TimeSpan.FromMilliseconds(waiting / WaitingPerMillisecond) - time.GetElapsedTime(_tried)
            : null;

    /// <summary>Whether so many are to be tried now; they are tried then.</summary>
    public bool TryBegin(int waiting)
    {
        if (Due(waiting) is not { } due || due > TimeSpan.Zero)
        {
            return false;
        }

        _tried = time.GetTimestamp();
        _isMade = false;
        return true;
    }
}
