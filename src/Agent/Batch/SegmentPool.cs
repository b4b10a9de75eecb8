namespace Agent.Batch;

/// <summary>The memory that batches are built in, and its budget: equal segments, made when first needed and kept for
/// the next batch. When it is used up a batch must wait; the file is the buffer.</summary>
sealed class SegmentPool(int budgetSegments)
{
    /// <summary>Small enough that a quiet stream holds little, large enough that a full batch is a short
    /// chain.</summary>
    public const int SegmentBytes = 64 * 1024;

    readonly Lock _lock = new();
    readonly Stack<byte[]> _free = new();
    int _made;
    int _leastFree; // since the last trim

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

    /// <summary>How much of the budget is in use, in bytes.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return (long)(_made - _free.Count) * SegmentBytes;
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

    /// <summary>A segment beyond the budget. It is given back like any other, and then not kept.</summary>
    public byte[] Overdraw()
    {
        lock (_lock)
        {
            _made++;
        }

        return New();
    }

    public void Return(List<byte[]> segments)
    {
        lock (_lock)
        {
            foreach (var segment in segments)
            {
                if (_made > budgetSegments)
                {
                    _made--;
                }
                else
                {
                    _free.Push(segment);
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
