namespace Agent.Pipeline;

/// <summary>Whose turn it is to be read. What changed after a quiet time goes before what has been read for long, so
/// that a line of a quiet file waits for a few blocks of the busy ones and not for all of them; the busy ones get a
/// turn in between.</summary>
sealed class ReadyQueue
{
    const int QuietPerBusy = 4;

    readonly Queue<Source> _quiet = new();
    readonly Queue<Source> _busy = new();
    readonly HashSet<Source> _waiting = [];
    int _served;

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Something happened that is worth a read.</summary>
    public void Add(Source source)
    {
        if (_waiting.Add(source))
        {
            _quiet.Enqueue(source);
        }
    }

    /// <summary>It was read, and has more.</summary>
    public void AddAgain(Source source)
    {
        if (_waiting.Add(source))
        {
            _busy.Enqueue(source);
        }
    }

    public bool TryTake(out Source source)
    {
        var isBusyDue = ++_served % (QuietPerBusy + 1) == 0;
        var isTaken = isBusyDue
            ? _busy.TryDequeue(out source!) || _quiet.TryDequeue(out source!)
            : _quiet.TryDequeue(out source!) || _busy.TryDequeue(out source!);
        if (isTaken)
        {
            _waiting.Remove(source);
        }

        return isTaken;
    }
}
