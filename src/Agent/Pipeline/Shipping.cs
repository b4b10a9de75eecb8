using System.Threading.Channels;
using Agent.Batch;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Native;
using Agent.Status;
using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>All that reads and sends by one endpoint and one budget. Entries come and go while it runs: what is read
/// for one that goes is delivered first, and the others are not touched.</summary>
sealed partial class Shipping : IDisposable
{
    // For the service's time. Whoever has no network does not lose it by waiting: the files are the buffer.
    static readonly TimeSpan TimePatience = TimeSpan.FromSeconds(5);

    // The reader's own look at what it holds takes less, unless a file system hangs.
    static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    readonly Session _session;
    readonly ILogger _log;
    readonly CancellationTokenSource _sendingEnds = new();
    readonly Deliveries _deliveries;
    readonly Spool _spool;
    readonly Readers _readers;
    readonly StatusReporter _reporter;
    readonly Names _names;
    readonly Channel<bool> _freed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    readonly List<Task> _reading = [];
    readonly HashSet<EntryPlan> _begun = new(ReferenceEqualityComparer.Instance);
    Plan _plan;
    long _lastId;

    /// <exception cref="StateException">What was kept of deleted files cannot be read.</exception>
    public Shipping(Plan plan, Session session)
    {
        _plan = plan;
        _session = session;
        _log = session.Logs.CreateLogger("vigil");
        var (store, time, logs) = (session.Store, session.Time, session.Logs);
        FileOpening.FollowsAnyLink = plan.FollowsAnyLink;
        store.Letters.CapBytes = plan.DeadLetterBytes;
        var positions = session.Committer.ReadPositions();
        _lastId = positions.Select(position => position.Id).DefaultIfEmpty().Max();
        _spool = OpenSpool(positions);
        _deliveries = new(
            plan, session.ServiceTime, time, logs, fault => session.Died.TrySetException(fault), _sendingEnds.Token);
        _names = new(plan.Region, store, time, logs.CreateLogger("vigil.names"), _sendingEnds.Token);
        var memory = new SegmentPool((int)(plan.MemoryBudgetBytes / SegmentPool.SegmentBytes), time);
        var free = OpenFiles.RaiseLimit();
        var watched = plan.Watch is null ? 0 : WatchReading.ShareOf(free);
        var journals = plan.Entries.Count(entry => entry.Journal is not null) * JournalPlan.Files;
        var handles = HandleBudget.Of(plan.MostOpenFiles, free - watched - journals);
        var uploadLog = logs.CreateLogger("vigil.upload");
        _readers = new(new(
            new(memory, session.Committer, time, session.ServiceTime, plan.Linger, Wake: () => { }),
            handles,
            new(memory, time),
            NextId,
            source => (room, book, stamps, resolved) => new OpenBatch(
                room, book, stamps,
                new(_deliveries.Of(source.Entry), _names.TargetAsync(source), resolved, uploadLog)),
            _spool,
            session.Held,
            store,
            Host.BootId(),
            () => _freed.Writer.TryWrite(true),
            logs.CreateLogger("vigil.files")));
        _reporter = new(plan, session, () => _readers.All, _spool, _deliveries, memory, handles);
    }

    /// <summary>What goes on, for whoever asks.</summary>
    public Task<StatusReport> ReportAsync(CancellationToken cancel) => _reporter.ReportAsync(cancel);

    /// <summary>Lets go of what is kept of deleted files and delivered by now.</summary>
    public void NoteCommitted(IReadOnlyCollection<FilePosition> positions) => _spool.NoteCommitted(positions);

    /// <summary>Reads until told to stop, or until the configuration changes in more than its entries.</summary>
    /// <returns>The plan that follows; null when told to stop.</returns>
    public async Task<Plan?> RunAsync(Task committing, CancellationToken stopping)
    {
        await _deliveries.PrepareAsync(TimePatience, stopping);
        LogStarted(_plan.Entries.Count, _plan.Endpoint.Address.ToString());
        Slimming.AfterStart();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var (next, ended) = await FollowChangesAsync(committing, ends.Token);
        _reporter.IsEnding = next is not null;
        await ends.CancelAsync();
        try
        {
            // A stop waits as long as whoever stops it; a change that never came to pass would be no agent at all.
            var longest = next is null ? Timeout.InfiniteTimeSpan : LongestRead;
            await Task.WhenAll(_reading).WaitAsync(longest, _session.Time, CancellationToken.None);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(
                "a file system hangs, so that the configuration cannot be changed within this process: mend or unmount "
                + "it if a new start does not help", e);
        }

        await (ended ?? Task.CompletedTask);
        return next;
    }

    // Readers and committer end when told to, or when something else dies: half an agent is worse than none.
    async Task<(Plan? Next, Task? Ended)> FollowChangesAsync(Task committing, CancellationToken stopping)
    {
        BeginWhatIsFree(stopping);
        _session.Reloading.NoteApplied();
        var asked = _session.Reloading.NextAsync(stopping);
        var freed = _freed.Reader.ReadAsync(stopping).AsTask();
        while (true)
        {
            var first = await Task.WhenAny([asked, freed, .. _reading, committing, _session.Died.Task]);
            if (stopping.IsCancellationRequested || (first != asked && first != freed))
            {
                return (null, first == asked || first == freed ? null : first);
            }

            if (first == freed)
            {
                freed = _freed.Reader.ReadAsync(stopping).AsTask();
            }
            else
            {
                var plan = await asked;
                await _session.Watching.FollowAsync(plan.Watch);
                if (Change(plan) is { } next)
                {
                    return (next, null);
                }

                asked = _session.Reloading.NextAsync(stopping);
            }

            BeginWhatIsFree(stopping);
            LetGoOfWhatNobodyReads();
        }
    }

    // Returns the plan if it needs more than other entries.
    Plan? Change(Plan next)
    {
        next = _plan.Then(next);
        if (!_plan.IsSameButForEntries(next))
        {
            LogAnew();
            return next;
        }

        // An entry that did not change is the same object.
        var stays = next.Entries.ToHashSet(ReferenceEqualityComparer.Instance);
        var gone = _begun.Where(entry => !stays.Contains(entry)).ToList();
        var added = next.Entries.Count - _plan.Entries.Count(stays.Contains);
        if (added + gone.Count == 0)
        {
            LogSame();
        }
        else
        {
            LogChanged(added, gone.Count, next.Entries.Count);
        }

        _plan = next;
        _begun.ExceptWith(gone);
        _readers.Retire(gone);
        _session.Reloading.NoteApplied();
        return null;
    }

    // What is read for an entry that is gone is delivered first: how far that came says where another goes on.
    void BeginWhatIsFree(CancellationToken stopping)
    {
        var free = _plan.Entries.Where(entry => !_begun.Contains(entry) && !_readers.AreRetiring(entry)).ToList();
        if (free.Count == 0)
        {
            return;
        }

        var known = new KnownPositions(
            _session.Committer.ReadPositions(), _plan.Entries, NextId, _session.Time.GetUtcNow(),
            _session.Logs.CreateLogger("vigil.files"));
        _begun.ToList().ForEach(known.PassOver);
        _begun.UnionWith(free);
        foreach (var reader in _readers.Begin(free.ConvertAll(entry => (entry, known.Of(entry)))))
        {
            _reading.Add(reader.RunAsync(stopping));
        }
    }

    // Once all that is configured is read, what is still held is of entries that are gone.
    void LetGoOfWhatNobodyReads()
    {
        if (_plan.Entries.All(_begun.Contains) && !_readers.All.Any(reader => reader.IsChanging))
        {
            SayLost(_session.Held.UnreadBytes);
            _session.Held.LetGo();
        }
    }

    /// <summary>What is to be waited for before it ends. To be asked once it reads no more.</summary>
    public Draining NewDraining() => new(_readers, _spool, _session.Time);

    /// <summary>Sends nothing more, whatever is on its way.</summary>
    public Task EndSendingAsync() => _sendingEnds.CancelAsync();

    /// <summary>Lets go of all files, for the one that follows; what is open is handed on.</summary>
    public void LeaveToNext()
    {
        foreach (var reader in _readers.All)
        {
            reader.LeaveToNext();
        }
    }

    /// <summary>Says what is lost now of files that were deleted.</summary>
    public void SayLost() =>
        SayLost(_readers.All.Sum(reader => reader.BytesAtRisk) + _session.Held.UnreadBytes);

    void SayLost(long bytes)
    {
        if (bytes > 0)
        {
            LogLost(bytes);
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
        _deliveries.Dispose();
        _spool.Dispose();
        _sendingEnds.Dispose();
    }

    long NextId() => Interlocked.Increment(ref _lastId);

    Spool OpenSpool(IReadOnlyCollection<FilePosition> positions)
    {
        var path = Path.Combine(_session.Folder, "spool");
        try
        {
            var spool = new Spool(path, _plan.SpoolBytes, positions);
            foreach (var aside in spool.Aside)
            {
                LogSpoolAside(aside);
            }

            return spool;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException(
                $"{path}: what was kept of deleted files cannot be read: {e.Message}. Mend the folder's permissions, "
                + "or move it away: what is in it is then not shipped", e);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Started; files configured: {Files}, shipping to {Endpoint}")]
    partial void LogStarted(int files, string endpoint);

    [LoggerMessage(21, LogLevel.Information,
        "The configuration changed: {Added} entries of files are new or otherwise now, {Gone} are gone; configured: "
        + "{Files}")]
    partial void LogChanged(int added, int gone, int files);

    [LoggerMessage(24, LogLevel.Information,
        "The configuration was read again; it says the same of the files that are shipped")]
    partial void LogSame();

    [LoggerMessage(22, LogLevel.Information,
        "The configuration changed in what all files share: what was read is delivered within seconds, or else read "
        + "again, and all of them are read on by the new one")]
    partial void LogAnew();

    [LoggerMessage(8, LogLevel.Error,
        "{Bytes} bytes of log files that were deleted before they were delivered are lost with this stop, or with the "
        + "entry that is gone, unless a compressed copy lies beside them. The next start records the gap; vigil.spool "
        + "keeps such files")]
    partial void LogLost(long bytes);

    [LoggerMessage(7, LogLevel.Error,
        "What was kept of a log that was deleted before it was delivered is not shipped, since the positions that "
        + "told whose it was are lost: it is moved to {Aside}, and 'zcat' prints it")]
    partial void LogSpoolAside(string aside);
}
