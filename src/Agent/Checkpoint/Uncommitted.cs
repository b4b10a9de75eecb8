using Agent.Events;

namespace Agent.Checkpoint;

/// <summary>What goes to the disk in one piece.</summary>
/// <param name="Waiting">Told when it was tried.</param>
sealed record Load(
    Dictionary<long, FilePosition> Positions, List<Gap> Gaps, Dictionary<string, byte[]?> Rows,
    List<TaskCompletionSource> Waiting)
{
    public static Load Empty => new([], [], [], []);

    public bool IsEmpty => Positions.Count == 0 && Gaps.Count == 0 && Rows.Count == 0;
}

/// <summary>What was recorded and is not on disk yet: of each row the newest. Any thread may call.</summary>
sealed class Uncommitted
{
    /// <summary>Of files, or of what is kept of them for a person.</summary>
    const long MostBytes = 16 << 20;

    readonly Lock _lock = new();
    readonly Dictionary<long, long> _lastOffsets = [];
    Load _load = Load.Empty;
    Dictionary<long, FilePosition> _onTheirWay = []; // to the disk
    long _fileBytes;
    long _letterBytes;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _load.IsEmpty;
            }
        }
    }

    /// <summary>Positions that are newer than those on disk, by their keys.</summary>
    public Dictionary<long, FilePosition> Newer
    {
        get
        {
            lock (_lock)
            {
                var newer = new Dictionary<long, FilePosition>(_onTheirWay);
                foreach (var (id, position) in _load.Positions)
                {
                    newer[id] = position;
                }

                return newer;
            }
        }
    }

    /// <summary>Replaces what is known of a row.</summary>
    /// <returns>Whether so much waits that it should go.</returns>
    public bool Add(FilePosition position)
    {
        lock (_lock)
        {
            Set(position);
            return _fileBytes >= MostBytes;
        }
    }

    /// <summary>Replaces what is known of rows.</summary>
    /// <param name="together">What is remembered with them.</param>
    /// <returns>Whether so much waits that it should go.</returns>
    public bool Add(IReadOnlyCollection<FilePosition> positions, IReadOnlyList<StateRow> together)
    {
        lock (_lock)
        {
            Set(together);
            foreach (var position in positions)
            {
                Set(position);
            }

            return _fileBytes >= MostBytes;
        }
    }

    public void Add(IReadOnlyList<StateRow> rows)
    {
        lock (_lock)
        {
            Set(rows);
        }
    }

    /// <returns>The gap as it is kept: while the disk refuses, what is kept for a person must not fill the memory.
    /// </returns>
    public Gap Add(Gap gap)
    {
        lock (_lock)
        {
            var bytes = LetterBytes(gap);
            if (bytes == 0 || _letterBytes + bytes <= MostBytes)
            {
                _letterBytes += bytes;
            }
            else
            {
                gap = gap with { DeadLetter = gap.DeadLetter! with { Body = null, StoredBytes = 0 } };
            }

            _load.Gaps.Add(gap);
            return gap;
        }
    }

    /// <summary>Ends once all that was recorded by now was tried.</summary>
    public Task TriedAsync()
    {
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _load.Waiting.Add(tried);
        }

        return tried.Task;
    }

    /// <summary>All of it, on its way to the disk.</summary>
    public Load Take()
    {
        lock (_lock)
        {
            var load = _load;
            (_load, _onTheirWay, _fileBytes) = (Load.Empty, load.Positions, 0);
            return load;
        }
    }

    /// <summary>It is on disk.</summary>
    public void NoteCommitted(Load load)
    {
        lock (_lock)
        {
            _onTheirWay = [];
            _letterBytes -= load.Gaps.Sum(LetterBytes);
        }
    }

    /// <summary>The disk refused it: it waits again, unless something newer does.</summary>
    public void PutBack(Load load)
    {
        lock (_lock)
        {
            _onTheirWay = [];
            foreach (var (id, position) in load.Positions)
            {
                _load.Positions.TryAdd(id, position);
            }

            _load.Gaps.InsertRange(0, load.Gaps);
            foreach (var (key, value) in load.Rows)
            {
                _load.Rows.TryAdd(key, value);
            }
        }
    }

    void Set(FilePosition position)
    {
        _load.Positions[position.Id] = position;
        var offset = position.OffsetBytes;
        _fileBytes += offset - _lastOffsets.GetValueOrDefault(position.Id, offset);
        if (position.IsFinished)
        {
            _lastOffsets.Remove(position.Id);
        }
        else
        {
            _lastOffsets[position.Id] = offset;
        }
    }

    void Set(IReadOnlyList<StateRow> rows)
    {
        foreach (var (key, value) in rows)
        {
            _load.Rows[key] = value;
        }
    }

    static long LetterBytes(Gap gap) => gap.DeadLetter?.Body?.Length ?? 0;
}
