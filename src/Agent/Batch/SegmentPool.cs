namespace Agent.Batch;

/// <summary>The memory that batches are built in, and its budget: equal segments, made when first needed and kept for
/// the next batch. When it is used up a batch must wait; the file is the buffer.</summary>
sealed class SegmentPool(int budgetSegments)
{
    /// <summary>Small enough that a quiet stream holds little, large enough that a full batch is a short
    /// chain.</summary>
    public const int SegmentBytes = 64 * 1024;

    // Beyond the budget thousands of streams may each hold one event. As long as they are few each may hold more. None
    // is as long as a segment: by this they are told apart.
    const int LeastOverdrawnBytes = 4 * 1024;
    const int MostOverdrawnBytes = SegmentBytes - LeastOverdrawnBytes;
    const int FewShare = 4;

    readonly Lock _lock = new();
    readonly Stack<byte[]> _free = new();
    int _made;
    int _leastFree; // since the last trim
    long _overdrawnBytes;

    /// <summary>Whether there is none to be had but by overdrawing.</summary>
    public bool IsUsedUp
    {
        get
        {
            lock (_lock)
            {
                return _free.Count == 0 && _made >= budgetSegments;
            }
        }
    }

    /// <summary>How much is in use, in bytes: more than the budget where it is overdrawn.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return ((long)(_made - _free.Count) * SegmentBytes) + _overdrawnBytes;
            }
        }
    }

    public long BudgetBytes => (long)budgetSegments * SegmentBytes;

    /// <summary>A segment, or null while the budget is used up.</summary>
    public byte[]? TryRent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var segment))
            {
                _leastFree = Math.Min(_leastFree, _free.Count);
                return segment;
            }

            _leastFree = 0;

            if (_made >= budgetSegments)
            {
                return null;
            }

            _made++;
        }

        return New();
    }

    /// <summary>Memory beyond the budget, which may be less than a segment. It is given back like one, and then not
    /// kept.</summary>
    /// <param name="wantedBytes">What is to be written into it.</param>
    public byte[] Overdraw(int wantedBytes)
    {
        lock (_lock)
        {
            var least = _overdrawnBytes < BudgetBytes / FewShare ? MostOverdrawnBytes : LeastOverdrawnBytes;
            var bytes = Math.Clamp(wantedBytes, least, MostOverdrawnBytes);
            _overdrawnBytes += bytes;
            return new byte[bytes];
        }
    }

    public void Return(List<byte[]> segments)
    {
        lock (_lock)
        {
            foreach (var segment in segments)
            {
                if (segment.Length == SegmentBytes)
                {
                    _free.Push(segment);
                }
                else
                {
                    _overdrawnBytes -= segment.Length;
                }
            }
        }

        segments.Clear();
    }

    /// <summary>Lets go of the segments that were free all the time since this was last called.</summary>
    /// <returns>The most bytes that were in use since then.</returns>
    public long Trim()
    {
        lock (_lock)
        {
            var mostUsed = (long)(_made - _leastFree) * SegmentBytes;
            for (; _leastFree > 0; _leastFree--)
            {
                _free.Pop();
                _made--;
            }

            _free.TrimExcess();
            _leastFree = _free.Count;
            return mostUsed;
        }
    }

    static byte[] New() => GC.AllocateUninitializedArray<byte>(SegmentBytes, pinned: true);
}
