namespace Agent.Upload;

/// <summary>What of a batch is still to be sent: at first all of it. A part that the service refuses for what is in it
/// is halved until the event that it minds is alone. Both halves are tried before one is halved again, so that it soon
/// shows whether the service minds some events or all.</summary>
sealed class Remainder(int events)
{
    // That many single events in a row: it is not the events that are wrong.
    const int MostSuspects = 8;

    Parts? _parts; // once it is more than one

    sealed class Parts
    {
        public Queue<Part> Untried { get; } = new();
        public Stack<Part> Refused { get; } = new(); // of several events
        public List<Part> Suspects { get; } = []; // of one
    }

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
        if (_parts is { } parts)
        {
            GoOn(parts);
        }
    }

    /// <summary>The next part was refused for what is in it.</summary>
    /// <param name="counts">Whether it tells against the part: others are taken.</param>
    /// <returns>Whether another may be tried at once; else it is time to wait.</returns>
    public bool Refuse(bool counts)
    {
        var parts = _parts ??= new();
        if (Next is { Count: > 1 })
        {
            parts.Refused.Push(Next);
        }
        else if (Next is not null)
        {
            parts.Suspects.Add(Next with { Refusals = Next.Refusals + (counts ? 1 : 0) });
        }

        return GoOn(parts);
    }

    // Returns whether there is something to try that was not tried as it is.
    bool GoOn(Parts parts)
    {
        if (parts.Untried.Count == 0 && parts.Refused.TryPop(out var part))
        {
            var half = part.Count / 2;
            parts.Untried.Enqueue(new(part.First, half, 0));
            parts.Untried.Enqueue(new(part.First + half, part.Count - half, 0));
        }

        var isNew = parts.Untried.Count > 0 && parts.Suspects.Count < MostSuspects;
        if (!isNew)
        {
            foreach (var suspect in parts.Suspects)
            {
                parts.Untried.Enqueue(suspect);
            }

            parts.Suspects.Clear();
        }

        Next = parts.Untried.TryDequeue(out var next) ? next : null;
        return isNew;
    }
}
