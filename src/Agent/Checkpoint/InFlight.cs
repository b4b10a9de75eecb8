using Agent.Events;

namespace Agent.Checkpoint;

/// <summary>The batches of one file that are not committed yet, in file order. They are resolved in any order; only
/// when everything before a batch is resolved too may its end be committed. Any thread may call.</summary>
/// <param name="start">Everything before is resolved.</param>
/// <param name="commit">Told of the furthest position that may be committed, in order: two answers that arrive at
/// once must not overtake each other here, or the commit would go back.</param>
sealed class InFlight(FilePosition start, Action<FilePosition> commit)
{
    sealed class Entry(FilePosition end, long since)
    {
        public long Since { get; } = since;
        public FilePosition End { get; } = end;
        public bool IsResolved { get; set; }
    }

    readonly Lock _lock = new();
    readonly LinkedList<Entry> _entries = new();
    FilePosition _committed = start;

    /// <summary>How many are not committed.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Whether everything that was added is resolved.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Since when the first of them is not committed; null when there is none.</summary>
    public long? OldestSince
    {
        get
        {
            lock (_lock)
            {
                return _entries.First?.Value.Since;
            }
        }
    }

    /// <summary>Adds a batch that ends where all before it left off.</summary>
    /// <param name="since">A timestamp.</param>
    public void Add(FilePosition end, long since = 0)
    {
        lock (_lock)
        {
            _entries.AddLast(new Entry(end, since));
        }
    }

    /// <summary>Notes that a batch is resolved.</summary>
    public void Resolve(FilePosition end)
    {
        lock (_lock)
        {
            Find(end).IsResolved = true;
            FilePosition? furthest = null;
            while (_entries.First is { Value.IsResolved: true } first)
            {
                furthest = first.Value.End;
                _entries.RemoveFirst();
            }

            if (furthest is not null)
            {
                _committed = furthest;
                commit(furthest);
            }
        }
    }

    /// <summary>Where a batch begins, or where what was passed over before it does.</summary>
    public FilePosition Before(FilePosition end)
    {
        lock (_lock)
        {
            return _entries.TakeWhile(entry => !ReferenceEquals(entry.End, end)).LastOrDefault()?.End ?? _committed;
        }
    }

    /// <summary>Forgets a batch and all that follow it: they will be read again. None of them may be resolved but what
    /// was passed over.</summary>
    public void ForgetFrom(FilePosition end)
    {
        lock (_lock)
        {
            while (_entries.Last is { } last)
            {
                _entries.RemoveLast();
                if (ReferenceEquals(last.Value.End, end))
                {
                    return;
                }
            }
        }
    }

    /// <summary>While it is empty: reading stands elsewhere, and everything before is resolved.</summary>
    public void MoveTo(FilePosition position)
    {
        lock (_lock)
        {
            _committed = position;
        }
    }

    // At most a window's worth of entries: a walk is short.
    Entry Find(FilePosition end)
    {
        for (var node = _entries.First; node is not null; node = node.Next)
        {
            if (ReferenceEquals(node.Value.End, end))
            {
                return node.Value;
            }
        }

        throw new InvalidOperationException("The batch was never added, or is committed");
    }
}
