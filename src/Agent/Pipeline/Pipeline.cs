using Agent.Aws;
using Agent.Batch;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Native;
using Agent.Status;
using Agent.Tail;
using Agent.Upload;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>The agent, put together: this is the file to read first.</summary>
/// <remarks>
/// <code>
/// ReaderLoop (a thread)                                          thread pool
///   Entry: which files match                                       StreamSender: again and again until taken
///     Source: which file is at a path, which were before             SignedSender: PutLogEvents
///       Lane: Tail -> Framing -> Filter -> Batch -- whole batches -->  |
///          ^                                                           |
///          '---- LaneBook: the contiguous prefix that is resolved  &lt;---'
///                  |
///                Committer -> PositionStore (its own task)
/// </code>
/// </remarks>
sealed partial class Pipeline(Plan plan, TimeProvider time, ILoggerFactory logs)
{
    // For the service's time. Whoever has no network does not lose it by waiting: the files are the buffer.
    static readonly TimeSpan TimePatience = TimeSpan.FromSeconds(5);

    readonly ILogger _log = logs.CreateLogger("vigil");
    readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ships until stopped, then drains for a bounded time. What was not taken by then is not
    /// committed.</summary>
    /// <exception cref="StateException">The state folder cannot be used.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        FileOpening.FollowsAnyLink = plan.FollowsAnyLink;
        using var folder = StateFolder.Take(plan.StateFolder);
        using var store = PositionStore.Open(folder.Path, out var movedAside);
        if (movedAside is not null)
        {
            LogCorrupt(movedAside);
        }

        store.Letters.CapBytes = plan.DeadLetterBytes;
        using var sendingEnds = new CancellationTokenSource();
        using var committingEnds = new CancellationTokenSource();
        var serviceTime = new ServiceTime(time, logs.CreateLogger("vigil.time"));
        using var deliveries = new Deliveries(
            plan, serviceTime, time, logs, fault => _died.TrySetException(fault), sendingEnds.Token);
        var positions = store.ReadPositions();
        using var spool = OpenSpool(folder, positions);
        var committer = new Committer(store, time, logs.CreateLogger("vigil.checkpoint"))
        {
            Committed = spool.NoteCommitted
        };
        var facts = plan.NamesNeedFacts ? FindFactsAsync(store, sendingEnds.Token) : null;
        var memory = new SegmentPool((int)(plan.MemoryBudgetBytes / SegmentPool.SegmentBytes));
        var handles = HandleBudget.Of(plan.MostOpenFiles, OpenFiles.RaiseLimit());
        var readers = NewReaders(
            store, positions, new(memory, committer, time, serviceTime, plan.Linger, Wake: () => { }), handles, spool,
            deliveries, facts);
        var reporter = new StatusReporter(plan, readers, committer, store, spool, memory, handles, time);
        using var control = ControlSocket.TryOpen(
            folder.Path, reporter.ReportAsync, time, logs.CreateLogger("vigil.control"));

        await deliveries.AskTimeAsync(TimePatience, stopping);
        LogStarted(plan.Entries.Count, plan.Endpoint.Address.ToString());
        ProgramPages.LetGo();
        var committing = committer.RunAsync(committingEnds.Token);
        var answering = control?.RunAsync(committingEnds.Token) ?? Task.CompletedTask;
        var isDrained = false;
        try
        {
            await ReadAsync(readers, committing, stopping);
            isDrained = await IsDrainedInTimeAsync(readers, spool);
        }
        finally
        {
            await sendingEnds.CancelAsync();
            await committingEnds.CancelAsync();
            await committing;
            await answering;
            SayLost(readers.Sum(reader => reader.BytesAtRisk));
            readers.ForEach(reader => reader.Dispose());
        }

        if (!isDrained || readers.Exists(reader => reader.IsDenied))
        {
            LogNotDrained();
        }
        else if (!committer.IsSettled)
        {
            LogNotCommitted();
        }
        else
        {
            LogDrained();
        }
    }

    // Threads of their own: reading blocks, and a thread pool thread must not. They end when told to, or when something
    // else dies: half an agent is worse than none.
    async Task ReadAsync(List<Reader> readers, Task committing, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        List<Task> reading =
        [
            .. readers.Select(reader => Task.Factory.StartNew(
                () => reader.Run(ends.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default))
        ];
        var first = await Task.WhenAny([.. reading, committing, _died.Task]);
        await ends.CancelAsync();
        await Task.WhenAll(reading);
        await first;
    }

    async Task<bool> IsDrainedInTimeAsync(List<Reader> readers, Spool spool)
    {
        var began = time.GetTimestamp();
        while (spool.IsCopying || !readers.TrueForAll(reader => reader.IsDrained))
        {
            if (time.GetElapsedTime(began) >= Plan.Drain)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, CancellationToken.None);
        }

        return true;
    }

    void SayLost(long bytes)
    {
        if (bytes > 0)
        {
            LogLost(bytes);
        }
    }

    Spool OpenSpool(StateFolder folder, List<FilePosition> positions)
    {
        var path = Path.Combine(folder.Path, "spool");
        try
        {
            var spool = new Spool(path, plan.SpoolBytes, positions);
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

    Task<InstanceFacts> FindFactsAsync(PositionStore store, CancellationToken ends) =>
        new InstanceIdentity(plan.Region, store.ReadFact, store.KeepFact, time, logs.CreateLogger("vigil.names"))
            .FindAsync(ends);

    List<Reader> NewReaders(
        PositionStore store, List<FilePosition> positions, LaneRoom lanes, HandleBudget handles, Spool spool,
        Deliveries deliveries, Task<InstanceFacts>? facts)
    {
        var lastId = positions.Select(position => position.Id).DefaultIfEmpty().Max();
        long NextId() => Interlocked.Increment(ref lastId);
        var log = logs.CreateLogger("vigil.files");
        var uploadLog = logs.CreateLogger("vigil.upload");
        return Readers.Of(plan.Entries, new(
            lanes,
            handles,
            new(lanes.Memory, time),
            new KnownPositions(positions, plan.Entries, NextId, log),
            NextId,
            (source, resolved) => new StreamSender(
                deliveries.Of(source.Entry), TargetAsync(source, facts), resolved, uploadLog),
            spool,
            store,
            Host.BootId(),
            log));
    }

    async Task<LogTarget> TargetAsync(SourcePlan source, Task<InstanceFacts>? facts)
    {
        var (group, stream) = (source.LogGroup, source.LogStream);
        if (facts is not null && (NameTemplate.NeedsFacts(group) || NameTemplate.NeedsFacts(stream)))
        {
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            var known = await facts;
            (group, stream) = (NameTemplate.Expand(group, known, today), NameTemplate.Expand(stream, known, today));
            if (stream.Contains(InstanceFacts.UnknownId, StringComparison.Ordinal))
            {
                LogUnknownInstance(source.Path, group, stream);
            }
        }

        return new(group, stream, source.Entry.Class, source.Entry.RetentionDays)
        {
            KmsKeyId = source.Entry.KmsKeyId,
            Tags = source.Entry.Tags,
            Workload = source.Entry.Workload is { } workload
                ? workload with { InstanceId = await KnownInstanceAsync(facts) }
                : null
        };
    }

    // Nothing waits for it where no name needs it.
    static async Task<string?> KnownInstanceAsync(Task<InstanceFacts>? facts)
    {
        var known = facts is { IsCompletedSuccessfully: true } ? await facts : null;
        return known?.InstanceId == InstanceFacts.UnknownId ? null : known?.InstanceId;
    }

    [LoggerMessage(1, LogLevel.Information, "Started; files configured: {Files}, shipping to {Endpoint}")]
    partial void LogStarted(int files, string endpoint);

    [LoggerMessage(2, LogLevel.Information, "Stopped: all that was read is delivered and committed")]
    partial void LogDrained();

    [LoggerMessage(3, LogLevel.Warning,
        "Stopped with log events that the service has not taken: they are read again from their files at the next "
        + "start")]
    partial void LogNotDrained();

    [LoggerMessage(8, LogLevel.Error,
        "{Bytes} bytes of log files that were deleted before they were delivered are lost with this stop, unless a "
        + "compressed copy lies beside them. The next start records the gap; vigil.spool keeps such files")]
    partial void LogLost(long bytes);

    [LoggerMessage(5, LogLevel.Warning,
        "{Path}: this host is no EC2 instance that says its id: the log stream is {Group}/{Stream}. Name it by "
        + "{{hostname}} or in plain text instead of {{instance_id}}")]
    partial void LogUnknownInstance(string path, string group, string stream);

    [LoggerMessage(6, LogLevel.Error,
        "Stopped: all that was read is delivered, but the positions could not be written. The next start sends again "
        + "what was delivered since they could; free the disk or mend the state folder first")]
    partial void LogNotCommitted();

    [LoggerMessage(7, LogLevel.Error,
        "What was kept of a log that was deleted before it was delivered is not shipped, since the positions that "
        + "told whose it was are lost: it is moved to {Aside}, and 'zcat' prints it")]
    partial void LogSpoolAside(string aside);

    [LoggerMessage(4, LogLevel.Error,
        "The positions could not be read and are moved to {Aside}. Reading starts from the beginning of every file: "
        + "lines may be sent twice, none is lost")]
    partial void LogCorrupt(string aside);
}
