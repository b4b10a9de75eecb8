using Agent.Events;

namespace Agent.Checkpoint;

/// <summary>The batches of one file that are not committed yet, in file order. They are resolved in any order; only
/// when everything before a batch is resolved too may its end be committed. Any thread may call.</summary>
/// <param name="commit">Told of the furthest position that may be committed, in order: two answers that arrive at
/// once must not overtake each other here, or the commit would go back.</param>
sealed class InFlight(Action<FilePosition> commit)
{
    sealed class Entry(FilePosition end)
    {
        public FilePosition End { get; } = end;
        public bool IsResolved { get; set; }
    }

    readonly Lock _lock = new();
    readonly LinkedList<Entry> _entries = new();

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

    /// <summary>Adds a batch that ends where all before it left off.</summary>
    public void Add(FilePosition end)
    {
        lock (_lock)
        {
            _entries.AddLast(new Entry(end));
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
                commit(furthest);
            }
        }
    }

    // At most a window's worth of entries: a walk is short.
    Entry Find(FilePosition end) => _entries.First(entry => ReferenceEquals(entry.End, end));
}
