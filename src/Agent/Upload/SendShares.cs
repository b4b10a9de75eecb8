namespace Agent.Upload;

/// <summary>How many batches each stream may have on its way: as many as the others that send with the same
/// credentials, by one window. Any thread may call.</summary>
/// <remarks>A window for each would not do: what one gains by a larger one it may have taken from the others.</remarks>
/// <param name="most">How many may be on their way in all.</param>
sealed class SendShares(int most, TimeProvider time)
{
    // More than its part of all: so that a stream always has some that wait for their turn.
    const int Ahead = 2;

    readonly Lock _lock = new();
    readonly SendWindow _window = new(most);
    readonly long _beginning = time.GetTimestamp();
    int _streams; // that have full batches to send
    int _batches; // full ones that they have

    /// <summary>How many a stream may have on its way.</summary>
    public int Share
    {
        get
        {
            lock (_lock)
            {
                return Math.Min(_window.Size, (most / Math.Max(1, _streams)) + Ahead);
            }
        }
    }

    /// <summary>How many streams have full batches to send, and how many of those they have together.</summary>
    public (int Streams, int Batches) Full
    {
        get
        {
            lock (_lock)
            {
                return (_streams, _batches);
            }
        }
    }

    /// <summary>How many full batches a stream has to send or on their way, and had when it was last said.</summary>
    public void NoteFull(int now, int before)
    {
        lock (_lock)
        {
            _batches += now - before;
            _streams += Math.Sign(now) - Math.Sign(before);
            if (_streams == 0)
            {
                _window.Pause();
            }
        }
    }

    /// <summary>A batch was accepted.</summary>
    /// <param name="anotherWaits">Whether another would have been sent, had the share been larger.</param>
    public void Accepted(bool isFull, bool anotherWaits)
    {
        lock (_lock)
        {
            if (isFull)
            {
                _window.Accepted(anotherWaits, Math.Max(1, _streams), time.GetElapsedTime(_beginning));
            }
            else
            {
                _window.Recover();
            }
        }
    }

    /// <summary>There was no answer: the way to the service may not be wide enough.</summary>
    public void Unanswered()
    {
        lock (_lock)
        {
            _window.Failed();
        }
    }
}
