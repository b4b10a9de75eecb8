using Agent.Aws;
using Agent.Checkpoint;
using Agent.Detect;
using Agent.Events;
using Agent.Measure;
using Agent.Native;
using Agent.Notify;
using Agent.Status;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Pipeline;

/// <summary>All that watches by one configuration: the readers of the files, the clock that measures the host and
/// evaluates alarms, a queue for each way of telling, and what is published.</summary>
sealed partial class WatchRun : IAsyncDisposable
{
    // For what is on its way to people when it ends; the rest is told after the next start.
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    // Of metrics that are refused: one may have hundreds of sets of dimension values.
    const int MostTold = 5;

    readonly WatchRoom _room;
    readonly PositionStore _store;
    readonly Committer _committer;
    readonly Watch _watch;
    readonly WatchReading _reading;
    readonly Measuring _measuring;
    readonly List<ChannelQueue> _queues;
    readonly MetricsClient? _client;
    readonly Publishing? _publishing;
    readonly CancellationTokenSource _ends = new();
    readonly CancellationTokenSource _committingEnds = new();
    readonly List<Task> _readers = [];
    readonly List<Task> _running = [];
    Task _committing = Task.CompletedTask;

    WatchRun(WatchPlan plan, PositionStore store, WatchRoom room)
    {
        (Plan, _store, _room) = (plan, store, room);
        _committer = new(store, room.Time, NullLogger.Instance);
        var channels = plan.NewChannels(room.ServiceTime, room.Log);
        var rows = store.State.Read().ToLookup(row => row.Key.StartsWith(Growth.Prefix, StringComparison.Ordinal));
        _watch = new(
            [.. plan.Detections], [.. channels.Select(channel => channel.Name)], [.. plan.Namespaces],
            [.. rows[false]], room.Time, out var changed)
        {
            Noticed = Add
        };
        _committer.Record(changed);
        if (_watch.Unwanted > 0)
        {
            LogUnwanted(room.Log, _watch.Unwanted);
        }

        _measuring = new(plan, new(rows[true]), room.Report, room.Time, room.Log);
        var dice = new Upload.Dice();
        _queues =
        [
            .. channels.Select(channel => new ChannelQueue(
                channel, _committer.TriedAsync, told => _watch.NoteTold(told, channel.Name, _committer.Record),
                dice.Roll, room.Time, room.Log))
        ];
        if (plan is { Publishes: true, Metrics: { } endpoint })
        {
            _client = new(
                endpoint, new(endpoint.IsLoopback, role: null, room.Time), room.ServiceTime, !endpoint.IsLoopback);
            _publishing = new(_watch, _client, _committer.Record, dice.Roll, room.Time, room.Log);
        }

        _reading = new(plan, room, _watch, store, _committer);
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

        WatchRun? run = null;
        try
        {
            run = new(plan, store, room);
            run.Begin();
            return run;
        }
        catch
        {
            run?.LetGo();
            store.Dispose();
            throw;
        }
    }

    public WatchPlan Plan { get; }

    public IReadOnlyList<AlarmStatus> Alarms => _watch.Alarms;

    /// <summary>What was measured last of the host.</summary>
    public IReadOnlyList<Measurement> Measured => _measuring.Latest;

    /// <summary>What keeps the host from being watched, or people from being told.</summary>
    public async Task<IReadOnlyList<Problem>> ProblemsAsync(CancellationToken cancel) =>
    [
        .. await _reading.ProblemsAsync(cancel),
        .. _queues.Where(queue => queue.Trouble is not null).Select(queue => new Problem(
            queue.Name, $"{queue.Waiting} notices of alarms wait: {queue.Trouble}")
        {
            Cause = "notification"
        }),
        .. _measuring.Troubles.Select(trouble => new Problem(trouble.Where, trouble.What)
        {
            Cause = WatchReading.Blind
        }),
        .. OfPublishing().Select(what => new Problem("metrics", what) { Cause = "metrics" }),
        .. OfState().Select(what => new Problem("watch", what) { Cause = "state" })
    ];

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        var read = Task.WhenAll(_readers);
        await Task.WhenAny(read, Task.Delay(Drain, _room.Time));
        await Task.WhenAny(Task.WhenAll(_running), Task.Delay(Drain, _room.Time));
        await _committingEnds.CancelAsync();
        await _committing;
        if (read.IsCompleted)
        {
            EndAll();
        }
        else
        {
            // A file system hangs: what its reader uses stays until it comes back.
            _ = read.ContinueWith(_ => EndAll(), TaskScheduler.Default);
        }
    }

    void EndAll()
    {
        _reading.LeaveToNext();
        LetGo();
        _store.Dispose();
    }

    void LetGo()
    {
        _reading.Dispose();
        _queues.ForEach(queue => queue.Dispose());
        _client?.Dispose();
        _ends.Dispose();
        _committingEnds.Dispose();
    }

    void Begin()
    {
        // Those of before go first.
        foreach (var notice in _watch.Notices)
        {
            Add(notice);
        }

        // This may fail, and then the store is closed: nothing that uses it may run yet.
        var readers = _reading.Begin();

        _committing = GuardAsync(_committer.RunAsync(_committingEnds.Token));
        _readers.AddRange(readers.Select(reader => GuardAsync(reader.RunAsync(_ends.Token))));
        _running.Add(GuardAsync(EvaluateAsync()));
        _running.AddRange(_queues.Select(queue => GuardAsync(queue.RunAsync(_ends.Token))));
        if (_publishing is not null)
        {
            _running.Add(GuardAsync(_publishing.RunAsync(_ends.Token)));
        }
    }

    IEnumerable<string> OfPublishing()
    {
        if (_publishing is { Trouble: { } trouble })
        {
            yield return $"{_watch.ToPublish} metric data wait: {trouble}";
        }

        foreach (var metric in _publishing?.NeverTaken.Take(MostTold) ?? [])
        {
            yield return metric;
        }

        if (Plan is { Publishes: true, Metrics: null })
        {
            yield return "nothing is published: no region is known to publish in. Set agent.region, or "
                + "vigil.metrics.endpoint_override";
        }
    }

    IEnumerable<string> OfState() =>
        _committer.Refusal is { } refusal ? [$"what was watched cannot be written: {refusal}"] : [];

    void Add(AlarmNotice notice)
    {
        foreach (var queue in _queues.Where(queue => notice.Channels.Contains(queue.Name)))
        {
            queue.Add(notice);
        }
    }

    // What is measured of a minute belongs to the period that ends with it, and so goes first.
    async Task EvaluateAsync()
    {
        try
        {
            await _measuring.BeginAsync(_watch, _committer.Record, _ends.Token);
            while (true)
            {
                // A little after the end: what was written in its last moment is read by then.
                await Task.Delay(_watch.UntilNext + TimeSpan.FromMilliseconds(200), _room.Time, _ends.Token);
                await _measuring.MeasureAsync(_watch, _committer.Record, _ends.Token);
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
                _room.Died(e);
            }
        }
    }

    [LoggerMessage(912, LogLevel.Error,
        "What was watched could not be read and is moved to {Aside}: what was counted and was to be told is lost, and "
        + "watching begins at the end of every file")]
    static partial void LogCorrupt(ILogger log, string aside);

    [LoggerMessage(933, LogLevel.Warning,
        "{Count} metric data that waited are given up: nothing is published in their namespaces any more")]
    static partial void LogUnwanted(ILogger log, int count);
}
