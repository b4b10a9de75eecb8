namespace Agent.Batch;

/// <summary>The memory that batches are built in, and its budget: equal segments, made when first needed and kept for
/// the next batch. When it is used up a batch must wait; the file is the buffer.</summary>
sealed class SegmentPool(int budgetSegments, TimeProvider time)
{
    /// <summary>Small enough that a quiet stream holds little, large enough that a full batch is a short
    /// chain.</summary>
    public const int SegmentBytes = 32 * 1024;

    // Beyond the budget thousands of streams may each hold one event. As long as they are few each may hold more.
    const int LeastOverdrawnBytes = 4 * 1024;
    const int MostOverdrawnBytes = SegmentBytes - LeastOverdrawnBytes;
    const int FewShare = 4;

    // So many may be free in all slabs together before another is made, where there are many.
    const int FewSegments = 8;

    // More are on their way where many streams have little, and then they are short.
    const int MostLists = 64;

    // A processor that writes what another has just read waits for each line of its cache. Where slabs go in turns, so
    // many that each rests for so long, they have mostly left it by then; the slower they fill the fewer they are.
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(25);

    // No more are made for that: what is compressed takes memory too.
    readonly int _mostForRest = budgetSegments * 5 / 8;

    readonly Lock _lock = new();
    readonly List<Slab> _slabs = [];
    readonly Stack<List<Segment>> _lists = []; // empty ones
    int _made;
    int _used;
    int _mostUsed; // since the last trim
    long _overdrawnBytes;

    /// <summary>Whether there is none to be had but by overdrawing.</summary>
    public bool IsUsedUp
    {
        get
        {
            lock (_lock)
            {
                return _used >= budgetSegments;
            }
        }
    }

    /// <summary>How many full batches can be in one piece each.</summary>
    public int WholeBatches { get; } = Math.Max(1, budgetSegments / Slab.MostSegments);

    /// <summary>Whether more than half is in use.</summary>
    public bool IsScarce
    {
        get
        {
            lock (_lock)
            {
                return _used > budgetSegments / 2;
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
                return ((long)_used * SegmentBytes) + _overdrawnBytes;
            }
        }
    }

    public long BudgetBytes => (long)budgetSegments * SegmentBytes;

    /// <summary>A segment, or null while the budget is used up.</summary>
    /// <param name="last">The body's last one so far: what lies right behind it is better than any other.</param>
    /// <param name="isForMuch">A full batch is expected of the body, which is to be in one piece.</param>
    public Segment? TryRent(Segment last = default, bool isForMuch = false)
    {
        lock (_lock)
        {
            if (_used >= budgetSegments)
            {
                return null;
            }

            var taken = last.Slab?.TryTakeAfter(last) ?? TakeApart(isForMuch);
            _mostUsed = Math.Max(_mostUsed, ++_used);
            return taken;
        }
    }

    /// <summary>Memory beyond the budget, which may be less than a segment. It is given back like one, and then not
    /// kept.</summary>
    /// <param name="wantedBytes">What is to be written into it.</param>
    public Segment Overdraw(int wantedBytes)
    {
        lock (_lock)
        {
            var least = _overdrawnBytes < BudgetBytes / FewShare ? MostOverdrawnBytes : LeastOverdrawnBytes;
            var bytes = Math.Clamp(wantedBytes, least, MostOverdrawnBytes);
            _overdrawnBytes += bytes;
            return new(Slab: null, 0, bytes, new byte[bytes]);
        }
    }

    /// <summary>An empty list for a body's segments, to be given back by <see cref="Release"/>.</summary>
    public List<Segment> RentList()
    {
        lock (_lock)
        {
            return _lists.TryPop(out var list) ? list : [];
        }
    }

    /// <summary>Gives back what a body is in.</summary>
    public void Release(List<Segment> segments)
    {
        lock (_lock)
        {
            GiveBack(segments);
            if (_lists.Count < MostLists)
            {
                _lists.Push(segments);
            }
        }
    }

    /// <summary>Gives back a part of what a body is in; the list stays the caller's, and is empty then.</summary>
    public void Return(List<Segment> segments)
    {
        lock (_lock)
        {
            GiveBack(segments);
        }
    }

    /// <summary>Lets go of the slabs that were free all the time since this was last called.</summary>
    /// <returns>The most bytes that were in use since then.</returns>
    public long Trim()
    {
        lock (_lock)
        {
            var mostUsed = (long)_mostUsed * SegmentBytes;
            _mostUsed = _used;
            _slabs.RemoveAll(TryLetGo);
            _slabs.ForEach(slab => slab.ClearWasUsed());
            return mostUsed;
        }
    }

    bool TryLetGo(Slab slab)
    {
        if (slab.WasUsed)
        {
            return false;
        }

        _made -= slab.Segments;
        slab.LetGo();
        return true;
    }

    void GiveBack(List<Segment> segments)
    {
        foreach (var segment in segments)
        {
            if (segment.Slab is { } slab)
            {
                slab.GiveBack(segment);
                _used--;
                if (slab.Used == 0)
                {
                    slab.EmptySince = time.GetTimestamp();
                }
            }
            else
            {
                _overdrawnBytes -= segment.Length;
            }
        }

        segments.Clear();
    }

    // With room to grow: in a slab of its own while there is one, else in the middle of what is free for longest, where
    // the one before can grow too.
    Segment TakeApart(bool isForMuch)
    {
        if ((isForMuch ? FindWhole() : FindEmpty()) is { } whole)
        {
            return whole.Take(0);
        }

        var roomiest = (Slab: _slabs[0], First: 0, Count: 0);
        foreach (var slab in _slabs)
        {
            var (first, count) = slab.LongestFree();
            roomiest = count > roomiest.Count ? (slab, first, count) : roomiest;
        }

        return roomiest.Slab.Take(roomiest.First + (roomiest.Count / 2));
    }

    // The first one that has rested, so that the last ones are not used any more once fewer will do. The last one that
    // is made may be small.
    Slab? FindWhole()
    {
        Slab? longest = null;
        var now = time.GetTimestamp();
        foreach (var slab in _slabs)
        {
            if (slab is not { Used: 0, Segments: Slab.MostSegments })
            {
                continue;
            }

            if (time.GetElapsedTime(slab.EmptySince, now) >= Rest)
            {
                return slab;
            }

            longest = longest?.EmptySince <= slab.EmptySince ? longest : slab;
        }

        return longest is not null && _made >= _mostForRest ? longest : TryMake();
    }

    Slab? FindEmpty() => _slabs.Find(slab => slab.Used == 0) ?? (ComesToMuch ? null : TryMake());

    // Many streams that each have little on their way would else touch all of the budget.
    bool ComesToMuch => _made >= budgetSegments / 2 && _used < _made - FewSegments;

    Slab? TryMake()
    {
        if (_made >= budgetSegments)
        {
            return null;
        }

        var made = new Slab(Math.Min(Slab.MostSegments, budgetSegments - _made));
        _made += made.Segments;
        _slabs.Add(made);
        return made;
    }
}
