using Agent.Aws;
using Agent.Batch;
using Agent.Checkpoint;
using Agent.Detect;
using Agent.Events;
using Agent.Native;
using Agent.Notify;
using Agent.Status;
using Agent.Tail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Pipeline;

/// <summary>All that watches by one configuration: the readers of the files, the clock that evaluates alarms, and a
/// queue for each way of telling.</summary>
sealed partial class WatchRun : IAsyncDisposable
{
    // For what is on its way to people when it ends; the rest is told after the next start.
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What problems begin with that say where nothing is seen.</summary>
    public const string NotWatched = "not watched";

    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly Action<Exception> _died;
    readonly PositionStore _store;
    readonly Committer _committer;
    readonly Watch _watch;
    readonly Readers _readers;
    readonly HeldFiles _held;
    readonly Spool _spool;
    readonly CancellationTokenSource _ends = new();
    readonly CancellationTokenSource _committingEnds = new();
    readonly List<Task> _reading = [];
    readonly List<ChannelQueue> _queues;
    readonly List<Task> _running = [];
    readonly ThreadLocal<Dictionary<EntryPlan, (LineWatch Lines, Sightings Seen)>> _looks =
        new(() => new(ReferenceEqualityComparer.Instance));

    Task _committing = Task.CompletedTask;
    long _lastId;

    WatchRun(WatchPlan plan, PositionStore store, WatchRoom room)
    {
        Plan = plan;
        (_time, _log, _died, _held, _store) = (room.Time, room.Log, room.Died, room.Held, store);

        _committer = new(_store, _time, NullLogger.Instance);
        var detections = plan.Watched.SelectMany(one => one.Detections).ToList();
        var channels = plan.NewChannels(room.ServiceTime, _log);
        _watch = new(
            detections, [.. channels.Select(channel => channel.Name)], _store.State.Read(), _time, out var forgotten)
        {
            Noticed = Add
        };
        _committer.Record(forgotten);
        var dice = new Upload.Dice();
        _queues =
        [
            .. channels.Select(channel => new ChannelQueue(
                channel, _committer.TriedAsync, told => _watch.NoteTold(told, channel.Name, _committer.Record),
                dice.Roll, _time, _log))
        ];
        var positions = Known(plan);
        _lastId = positions.Select(position => position.Id).DefaultIfEmpty().Max();
        _spool = new(Path.Combine(room.Folder, "spool"), 0, positions);
        _readers = NewReaders();
        Begin(plan, positions);
    }

    /// <exception cref="StateException">The folder cannot be used.</exception>
    public static WatchRun Start(WatchPlan plan, WatchRoom room)
    {
        PrivateFolder.Make(room.Folder);
        var store = PositionStore.Open(room.Folder, out var movedAside);
        if (movedAside is not null)
        {
            LogCorrupt(room.Log, movedAside);
        }

        try
        {
            return new(plan, store, room);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Of the files that the process may open.</summary>
    public static long ShareOf(long files) => files / 3;

    public WatchPlan Plan { get; }

    public IReadOnlyList<AlarmStatus> Alarms => _watch.Alarms;

    public async Task<IReadOnlyList<Problem>> ProblemsAsync(CancellationToken cancel)
    {
        var problems = new List<Problem>();
        foreach (var reader in _readers.All)
        {
            try
            {
                var snapshot = await reader.SnapshotAsync().WaitAsync(Patience, _time, cancel);
                problems.AddRange(snapshot.Problems.Select(one => one with { What = $"{NotWatched}: {one.What}" }));
                problems.AddRange(
                    from source in snapshot.Sources
                    where source.Files.Count == 0 && !snapshot.Problems.Any(one => one.Where == source.Path)
                    select new Problem(source.Path, $"{NotWatched}: {source.Trouble ?? "there is no such file"}")
                    {
                        Cause = "file"
                    });
            }
            catch (TimeoutException)
            {
                problems.Add(new(reader.Name, "watching does not answer: its file system hangs") { Cause = "file" });
            }
        }

        problems.AddRange(_queues.Where(queue => queue.Trouble is not null).Select(queue => new Problem(
            queue.Name, $"{queue.Waiting} notices of alarms wait: {queue.Trouble}")
        {
            Cause = "notification"
        }));
        if (_committer.Refusal is { } refusal)
        {
            problems.Add(new("watch", $"what was watched cannot be written: {refusal}") { Cause = "state" });
        }

        return problems;
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        var read = Task.WhenAll(_reading);
        await Task.WhenAny(read, Task.Delay(Drain, _time));
        await Task.WhenAny(Task.WhenAll(_running), Task.Delay(Drain, _time));
        await _committingEnds.CancelAsync();
        await _committing;
        if (read.IsCompleted)
        {
            LetGo();
        }
        else
        {
            // A file system hangs: what its reader uses stays until it comes back.
            _ = read.ContinueWith(_ => LetGo(), TaskScheduler.Default);
        }
    }

    void LetGo()
    {
        // The handle is all that leads to a deleted file: whoever watches next takes it over.
        foreach (var reader in _readers.All)
        {
            reader.LeaveToNext();
        }

        _readers.Dispose();
        _queues.ForEach(queue => queue.Dispose());
        _spool.Dispose();
        _store.Dispose();
        _looks.Dispose();
        _ends.Dispose();
        _committingEnds.Dispose();
    }

    void Begin(WatchPlan plan, List<FilePosition> positions)
    {
        // Those of before go first.
        foreach (var notice in _watch.Notices)
        {
            Add(notice);
        }

        // This may fail, and then the store is closed: nothing that uses it may run yet.
        var entries = plan.Watched.Select(one => one.Files).ToList();
        var known = new KnownPositions(positions, entries, NextId, NullLogger.Instance);
        var readers = _readers.Begin(entries.ConvertAll(entry => (entry, known.Of(entry))));

        _committing = GuardAsync(_committer.RunAsync(_committingEnds.Token));
        foreach (var reader in readers)
        {
            _reading.Add(GuardAsync(Task.Factory.StartNew(
                () => reader.Run(_ends.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
        }

        _running.Add(GuardAsync(EvaluateAsync()));
        foreach (var queue in _queues)
        {
            _running.Add(GuardAsync(queue.RunAsync(_ends.Token)));
        }
    }

    // Where an entry is configured again after months nobody wants to hear of all that was since.
    List<FilePosition> Known(WatchPlan plan)
    {
        var rows = _committer.ReadPositions();
        var gone = rows.FindAll(row => !plan.Watched.Any(one => KnownPositions.IsOf(row, one.Files)));
        _store.Forget(gone);
        return [.. rows.Except(gone)];
    }

    Readers NewReaders()
    {
        var memory = new SegmentPool(1);
        var handles = HandleBudget.Of(Plan.MostOpenFiles / 2, ShareOf(OpenFiles.RaiseLimit()));
        return new(new(
            new(memory, _committer, _time, _time, TimeSpan.Zero, Wake: () => { }),
            handles, new(memory, _time), NextId,
            source => (room, _, _, _) => NewEnd(source.Entry, room),
            _spool, _held, _store, Host.BootId(), () => { }, new WarningsOnly(_log)));
    }

    // A matcher is of one thread, and takes memory: the files of an entry share it, and what they are looked at with.
    WatchEnd NewEnd(EntryPlan entry, LaneRoom room)
    {
        var known = _looks.Value!;
        if (!known.TryGetValue(entry, out var look))
        {
            var detections = Plan.Watched.First(one => one.Files == entry).Detections;
            known.Add(entry, look = (new(detections, TimeZoneInfo.Local, _time), new()));
        }

        return new(_watch, look.Lines, look.Seen, entry.Framing.TimestampFormat is not null, room);
    }

    void Add(AlarmNotice notice)
    {
        foreach (var queue in _queues.Where(queue => notice.Channels.Contains(queue.Name)))
        {
            queue.Add(notice);
        }
    }

    async Task EvaluateAsync()
    {
        try
        {
            while (true)
            {
                // A little after the end: what was written in its last moment is read by then.
                await Task.Delay(_watch.UntilNext + TimeSpan.FromMilliseconds(200), _time, _ends.Token);
                _watch.Evaluate(_committer.Record);
            }
        }
        catch (OperationCanceledException) when (_ends.IsCancellationRequested)
        {
            // It ends.
        }
    }

    async Task GuardAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            if (!_ends.IsCancellationRequested)
            {
                _died(e);
            }
        }
    }

    long NextId() => Interlocked.Increment(ref _lastId);

    [LoggerMessage(912, LogLevel.Error,
        "What was watched could not be read and is moved to {Aside}: what was counted and was to be told is lost, and "
        + "watching begins at the end of every file")]
    static partial void LogCorrupt(ILogger log, string aside);
}

/// <summary>What a run of the watching uses.</summary>
/// <param name="Folder">Of its own positions, apart from those of the shipping.</param>
/// <param name="Held">Files that were open when the configuration changed.</param>
/// <param name="ServiceTime">For signatures.</param>
/// <param name="Died">Told of an error that nobody foresaw.</param>
sealed record WatchRoom(
    string Folder, HeldFiles Held, ServiceTime ServiceTime, TimeProvider Time, ILogger Log, Action<Exception> Died);
