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
sealed class WatchRun : IAsyncDisposable
{
    // For what is on its way to people when it ends; the rest is told after the next start.
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly TimeProvider _time;
    readonly Action<Exception> _died;
    readonly PositionStore _store;
    readonly Committer _committer;
    readonly Watch _watch;
    readonly Readers _readers;
    readonly HeldFiles _held = new();
    readonly Spool _spool;
    readonly CancellationTokenSource _ends = new();
    readonly CancellationTokenSource _committingEnds = new();
    readonly List<Task> _reading = [];
    readonly List<ChannelQueue> _queues;
    readonly List<Task> _running = [];
    readonly ThreadLocal<Dictionary<EntryPlan, LineWatch>> _lines =
        new(() => new(ReferenceEqualityComparer.Instance));

    long _lastId;

    /// <param name="folder">Of its own positions, apart from those of the shipping.</param>
    /// <exception cref="StateException">It cannot be used.</exception>
    public WatchRun(
        WatchPlan plan, string folder, TimeProvider time, ILoggerFactory logs, Action<Exception> died)
    {
        Plan = plan;
        _time = time;
        _died = died;
        var log = logs.CreateLogger("vigil.watch");
        PrivateFolder.Make(folder);
        _store = PositionStore.Open(folder, out _);

        // What it reads and misses is told by the status: the log has it of the shipping.
        _committer = new(_store, time, NullLogger.Instance);
        var detections = plan.Watched.SelectMany(one => one.Detections).ToList();
        _watch = new(detections, _store.ReadState(), time, out var forgotten) { Noticed = Add };
        _committer.Record(forgotten);
        var dice = new Upload.Dice();
        _queues =
        [
            .. plan.NewChannels(time, log).Select(channel => new ChannelQueue(
                channel, _committer.TriedAsync, told => _watch.NoteTold(told, channel.Name, _committer.Record),
                dice.Roll, time, log))
        ];
        var positions = _committer.ReadPositions();
        _lastId = positions.Select(position => position.Id).DefaultIfEmpty().Max();
        _spool = new(Path.Combine(folder, "spool"), 0, positions);
        _readers = NewReaders();
        Begin(plan, positions);
    }

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
                problems.AddRange(snapshot.Problems.Select(one => one with { What = $"not watched: {one.What}" }));
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
        await Task.WhenAny(Task.WhenAll(_reading), Task.Delay(Drain, _time));
        await Task.WhenAny(Task.WhenAll(_running), Task.Delay(Drain, _time));
        await _committingEnds.CancelAsync();
        await Committing;
        _readers.Dispose();
        _queues.ForEach(queue => queue.Dispose());
        _held.Dispose();
        _spool.Dispose();
        _store.Dispose();
        _lines.Dispose();
        _ends.Dispose();
        _committingEnds.Dispose();
    }

    Task Committing { get; set; } = Task.CompletedTask;

    void Begin(WatchPlan plan, List<FilePosition> positions)
    {
        Committing = GuardAsync(_committer.RunAsync(_committingEnds.Token));
        var entries = plan.Watched.Select(one => one.Files).ToList();
        var known = new KnownPositions(positions, entries, NextId, NullLogger.Instance);
        foreach (var reader in _readers.Begin(entries.ConvertAll(entry => (entry, known.Of(entry)))))
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

        foreach (var notice in _watch.Notices)
        {
            Add(notice);
        }
    }

    Readers NewReaders()
    {
        var memory = new SegmentPool(1);
        var handles = HandleBudget.Of(null, OpenFiles.RaiseLimit());
        return new(new(
            new(memory, _committer, _time, _time, TimeSpan.Zero, Wake: () => { }),
            handles, new(memory, _time), NextId,
            source => (room, _, _, _) => new WatchEnd(
                _watch, LinesOf(source.Entry), source.Entry.Framing.TimestampFormat is not null, room),
            _spool, _held, _store, Host.BootId(), () => { }, NullLogger.Instance));
    }

    // A matcher is of one thread, and takes memory: the files of an entry share it.
    LineWatch LinesOf(EntryPlan entry)
    {
        var known = _lines.Value!;
        if (!known.TryGetValue(entry, out var lines))
        {
            var detections = Plan.Watched.First(one => one.Files == entry).Detections;
            known.Add(entry, lines = new(detections, TimeZoneInfo.Local, _time));
        }

        return lines;
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
            _died(e);
        }
    }

    long NextId() => Interlocked.Increment(ref _lastId);
}
