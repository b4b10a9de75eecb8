namespace Agent.Upload;

/// <summary>What of a batch is still to be sent: at first all of it. A part that the service refuses for what is in it
/// is halved until the event that it minds is alone. Both halves are tried before one is halved again, so that it soon
/// shows whether the service minds some events or all.</summary>
sealed class Remainder(int events)
{
    // That many single events in a row: it is not the events that are wrong.
    const int MostSuspects = 8;

    readonly Queue<Part> _untried = new();
    readonly Stack<Part> _refused = new(); // of several events
    readonly List<Part> _suspects = []; // of one

    /// <summary>Consecutive events.</summary>
    /// <param name="Refusals">How often they were refused as they are, as far as it counts.</param>
    public sealed record Part(int First, int Count, int Refusals);

    /// <summary>What is to be sent now; null when nothing is left.</summary>
    public Part? Next { get; private set; } = new(0, events, 0);

    /// <summary>The first events of the next part need not be sent any more.</summary>
    /// <param name="count">At most as many as there are in it.</param>
    public void Settle(int count)
    {
        if (Next is { } part && count < part.Count)
        {
            Next = new(part.First + count, part.Count - count, 0);
            return;
        }

        Next = null;
        GoOn();
    }

    /// <summary>The next part was refused for what is in it.</summary>
    /// <param name="counts">Whether it tells against the part: others are taken.</param>
    /// <returns>Whether another may be tried at once; else it is time to wait.</returns>
    public bool Refuse(bool counts)
    {
        if (Next is { Count: > 1 })
        {
            _refused.Push(Next);
        }
        else if (Next is not null)
        {
            _suspects.Add(Next with { Refusals = Next.Refusals + (counts ? 1 : 0) });
        }

        return GoOn();
    }

    // Returns whether there is something to try that was not tried as it is.
    bool GoOn()
    {
        if (_untried.Count == 0 && _refused.TryPop(out var part))
        {
            var half = part.Count / 2;
            _untried.Enqueue(new(part.First, half, 0));
            _untried.Enqueue(new(part.First + half, part.Count - half, 0));
        }

        var isNew = _untried.Count > 0 && _suspects.Count < MostSuspects;
        if (!isNew)
        {
            foreach (var suspect in _suspects)
            {
                _untried.Enqueue(suspect);
            }

            _suspects.Clear();
        }

        Next = _untried.TryDequeue(out var next) ? next : null;
        return isNew;
    }
}
