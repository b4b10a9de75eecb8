using System.Collections.Concurrent;
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

    readonly Channel<bool> _changed = Signal();
    readonly Channel<bool> _muchChanged = Signal();
    readonly Uncommitted _uncommitted = new();
    readonly ConcurrentDictionary<long, long> _committedOffsets = [];
    readonly GapNews _news = new(time, log);
    string? _refusal;

    /// <summary>Why the positions cannot be written; null while they can.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>Whether everything that was recorded is on disk.</summary>
    public bool IsSettled => _uncommitted.IsEmpty;

    /// <summary>The rows as they are now, on disk or not yet.</summary>
    public List<FilePosition> ReadPositions()
    {
        var newer = _uncommitted.Newer;
        var rows = store.ReadPositions();
        rows.RemoveAll(row => newer.ContainsKey(row.Id));
        rows.AddRange(newer.Values);
        return [.. rows.OrderBy(row => row.Id)];
    }

    /// <summary>Told of positions that are on disk, on the committer's own thread.</summary>
    public Action<IReadOnlyCollection<FilePosition>>? Committed { get; init; }

    /// <summary>Up to where a row's file is delivered by what is on disk.</summary>
    /// <param name="first">The row as it was when reading began.</param>
    public long CommittedBytes(FilePosition first) =>
        _committedOffsets.GetValueOrDefault(first.Id, first.OffsetBytes);

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
    public void Record(FilePosition position) => NoteChange(_uncommitted.Add(position));

    /// <summary>Replaces what is known of rows.</summary>
    /// <param name="together">What is remembered with them: never one without the others.</param>
    public void Record(IReadOnlyCollection<FilePosition> positions, IReadOnlyList<StateRow> together) =>
        NoteChange(_uncommitted.Add(positions, together));

    /// <summary>Remembers something at once that belongs to no position.</summary>
    public void Record(IReadOnlyList<StateRow> rows)
    {
        if (rows.Count > 0)
        {
            _uncommitted.Add(rows);
            Hasten();
        }
    }

    public void Record(Gap gap)
    {
        _news.Say(_uncommitted.Add(gap));
        Hasten(); // what was noticed may show itself only once
    }

    /// <summary>Ends once all that was recorded by now is on disk, or the disk refused it.</summary>
    public Task TriedAsync()
    {
        var tried = _uncommitted.TriedAsync();
        Hasten();
        return tried;
    }

    void NoteChange(bool isMuch)
    {
        if (isMuch)
        {
            _muchChanged.Writer.TryWrite(true);
        }

        _changed.Writer.TryWrite(true);
    }

    // Waits no longer for more to commit.
    void Hasten()
    {
        _muchChanged.Writer.TryWrite(true);
        _changed.Writer.TryWrite(true);
    }

    bool TryCommit()
    {
        var load = _uncommitted.Take();
        try
        {
            if (!load.IsEmpty)
            {
                var rows = load.Rows.Select(row => new StateRow(row.Key, row.Value)).ToList();
                _news.SayGivenUp(store.Commit(load.Positions.Values, load.Gaps, rows), store.Letters.CapBytes);
                NoteCommitted(load);
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
            _uncommitted.PutBack(load);
            if (_refusal is null)
            {
                LogRefused(e.Message);
            }

            Volatile.Write(ref _refusal, e.Message);

            return false;
        }
        finally
        {
            load.Waiting.ForEach(tried => tried.TrySetResult());
        }
    }

    void NoteCommitted(Load load)
    {
        foreach (var position in load.Positions.Values)
        {
            if (position.IsFinished)
            {
                _committedOffsets.TryRemove(position.Id, out _);
            }
            else
            {
                _committedOffsets[position.Id] = position.OffsetBytes;
            }
        }

        _uncommitted.NoteCommitted(load);
        Committed?.Invoke(load.Positions.Values);
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
