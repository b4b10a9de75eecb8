using System.Threading.Channels;
using Agent.Events;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Agent.Checkpoint;

/// <summary>Commits positions in groups: the first change arms a timer, and what changes until it fires, or until
/// 16 MiB are waiting, is committed at once. So an idle agent writes nothing, and a kill -9 repeats no more than what
/// was accepted since. Positions are kept in memory while the disk refuses.</summary>
sealed partial class Committer(PositionStore store, TimeProvider time, ILogger log)
{
    static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);
    const long MostUncommittedBytes = 16 << 20;

    readonly Lock _lock = new();
    readonly Channel<bool> _changed = Signal();
    readonly Channel<bool> _muchChanged = Signal();
    readonly Dictionary<long, long> _lastOffsets = [];
    readonly Dictionary<long, long> _committedOffsets = [];
    readonly List<Gap> _gaps = [];
    readonly Dictionary<string, byte[]?> _rows = [];
    readonly List<TaskCompletionSource> _waiting = []; // for what is recorded
    readonly GapNews _news = new(time, log);
    Dictionary<long, FilePosition> _positions = [];
    Dictionary<long, FilePosition> _onTheirWay = []; // to the disk
    long _uncommittedBytes;
    long _letterBytes;
    string? _refusal;

    /// <summary>Why the positions cannot be written; null while they can.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>Whether everything that was recorded is on disk.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_lock)
            {
                return _positions.Count == 0 && _gaps.Count == 0 && _rows.Count == 0;
            }
        }
    }

    /// <summary>The rows as they are now, on disk or not yet.</summary>
    public List<FilePosition> ReadPositions()
    {
        Dictionary<long, FilePosition> newer;
        lock (_lock)
        {
            newer = new(_onTheirWay);
            foreach (var (id, position) in _positions)
            {
                newer[id] = position;
            }
        }

        var rows = store.ReadPositions();
        rows.RemoveAll(row => newer.ContainsKey(row.Id));
        rows.AddRange(newer.Values);
        return [.. rows.OrderBy(row => row.Id)];
    }

    /// <summary>Told of positions that are on disk, on the committer's own thread.</summary>
    public Action<IReadOnlyCollection<FilePosition>>? Committed { get; init; }

    /// <summary>Up to where a row's file is delivered by what is on disk.</summary>
    /// <param name="first">The row as it was when reading began.</param>
    public long CommittedBytes(FilePosition first)
    {
        lock (_lock)
        {
            return _committedOffsets.GetValueOrDefault(first.Id, first.OffsetBytes);
        }
    }

    /// <summary>Commits from now on, until stopped; then once more what is left.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Kept from round to round: a wait that is given up is still waited for, and would be kept for ever.
        var much = _muchChanged.Reader.WaitToReadAsync(stopping).AsTask();
        try
        {
            while (true)
            {
                await _changed.Reader.ReadAsync(stopping);
                await Task.WhenAny(Task.Delay(Delay, time, stopping), much);
                if (_muchChanged.Reader.TryRead(out _))
                {
                    much = _muchChanged.Reader.WaitToReadAsync(stopping).AsTask();
                }

                while (!TryCommit())
                {
                    await Task.Delay(RetryDelay, time, stopping);
                }
            }
        }
        catch (OperationCanceledException)
        {
            TryCommit();
        }
    }

    /// <summary>Replaces what is known of a row.</summary>
    /// <param name="together">What is remembered with it: never one without the other.</param>
    public void Record(FilePosition position, params IReadOnlyList<StateRow> together)
    {
        lock (_lock)
        {
            Keep(together);
            _positions[position.Id] = position;
            var offset = position.OffsetBytes;
            _uncommittedBytes += offset - _lastOffsets.GetValueOrDefault(position.Id, offset);
            if (position.IsFinished)
            {
                _lastOffsets.Remove(position.Id);
            }
            else
            {
                _lastOffsets[position.Id] = offset;
            }

            if (_uncommittedBytes >= MostUncommittedBytes)
            {
                _muchChanged.Writer.TryWrite(true);
            }
        }

        _changed.Writer.TryWrite(true);
    }

    /// <summary>Remembers something at once that belongs to no position.</summary>
    public void Record(IReadOnlyList<StateRow> rows)
    {
        lock (_lock)
        {
            Keep(rows);
        }

        Hasten();
    }

    /// <summary>Waits no longer for more to commit.</summary>
    public void Hasten()
    {
        _muchChanged.Writer.TryWrite(true);
        _changed.Writer.TryWrite(true);
    }

    /// <summary>Ends once all that was recorded by now is on disk, or the disk refused it.</summary>
    public Task TriedAsync()
    {
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add(tried);
        }

        Hasten();
        return tried.Task;
    }

    public void Record(Gap gap)
    {
        lock (_lock)
        {
            gap = Affordable(gap);
            _gaps.Add(gap);
        }

        _news.Say(gap);

        Hasten(); // what was noticed may show itself only once
    }

    void Keep(IReadOnlyList<StateRow> rows)
    {
        foreach (var (key, value) in rows)
        {
            _rows[key] = value;
        }
    }

    // While the disk refuses, what is kept for a person must not fill the memory.
    Gap Affordable(Gap gap)
    {
        var bytes = gap.DeadLetter?.Body?.Length ?? 0;
        if (bytes == 0 || _letterBytes + bytes <= MostUncommittedBytes)
        {
            _letterBytes += bytes;
            return gap;
        }

        return gap with { DeadLetter = gap.DeadLetter! with { Body = null, StoredBytes = 0 } };
    }

    bool TryCommit()
    {
        Dictionary<long, FilePosition> positions;
        List<Gap> gaps;
        List<StateRow> rows;
        List<TaskCompletionSource> waiting;
        lock (_lock)
        {
            rows = [.. _rows.Select(row => new StateRow(row.Key, row.Value))];
            _rows.Clear();
            waiting = [.. _waiting];
            _waiting.Clear();
            (positions, _positions) = (_positions, []);
            _onTheirWay = positions;
            gaps = [.. _gaps];
            _gaps.Clear();
            _uncommittedBytes = 0;
        }

        try
        {
            if (positions.Count > 0 || gaps.Count > 0 || rows.Count > 0)
            {
                _news.SayGivenUp(store.Commit(positions.Values, gaps, rows), store.Letters.CapBytes);
                NoteCommitted(positions.Values, gaps);
            }

            if (_refusal is not null)
            {
                Volatile.Write(ref _refusal, null);
                store.KeepReserve();
                LogCommitting();
            }

            return true;
        }
        catch (SqliteException e)
        {
            PutBack(positions, gaps, rows);
            if (_refusal is null)
            {
                LogRefused(e.Message);
            }

            Volatile.Write(ref _refusal, e.Message);

            return false;
        }
        finally
        {
            waiting.ForEach(tried => tried.TrySetResult());
        }
    }

    void NoteCommitted(IReadOnlyCollection<FilePosition> positions, List<Gap> gaps)
    {
        lock (_lock)
        {
            _onTheirWay = [];
            foreach (var position in positions)
            {
                if (position.IsFinished)
                {
                    _committedOffsets.Remove(position.Id);
                }
                else
                {
                    _committedOffsets[position.Id] = position.OffsetBytes;
                }
            }

            _letterBytes -= gaps.Sum(gap => gap.DeadLetter?.Body?.Length ?? 0);
        }

        Committed?.Invoke(positions);
    }

    void PutBack(Dictionary<long, FilePosition> positions, List<Gap> gaps, List<StateRow> rows)
    {
        lock (_lock)
        {
            _onTheirWay = [];
            foreach (var (id, position) in positions)
            {
                _positions.TryAdd(id, position);
            }

            _gaps.InsertRange(0, gaps);
            foreach (var (key, value) in rows)
            {
                _rows.TryAdd(key, value);
            }
        }
    }

    // Remembers that something happened, not how often.
    static Channel<bool> Signal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    [LoggerMessage(600, LogLevel.Error,
        "The positions cannot be written: {Fault}. Log events go on being shipped and positions are kept in memory; a "
        + "restart now would send lines twice. Free the disk or mend the state folder")]
    partial void LogRefused(string fault);

    [LoggerMessage(601, LogLevel.Information, "The positions are written again")]
    partial void LogCommitting();
}
