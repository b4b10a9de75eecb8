using System.Collections.Concurrent;
using System.Text.Json;
using Agent.Batch;
using Agent.Checkpoint;
using Agent.Discovery;
using Agent.Events;
using Agent.Pipeline;
using Agent.Tail;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Support;

/// <summary>One entry of a configuration as the agent follows it, with a service that answers as told and the test as
/// its reader thread.</summary>
sealed class RunningSource : IAsyncDisposable
{
    public const string Boot = "boot";

    readonly byte[] _block = new byte[TailedContent.BlockBytes];
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentQueue<(string Message, long Stamp)> _events = new();
    readonly PositionStore _store;
    readonly Committer _committer;
    readonly Entry _entry;
    readonly Task _committing;

    public RunningSource(
        string path, string state, FakeTimeProvider time, ScriptedService service, SegmentPool? memory = null)
        : this(PlanOf(path), state, time, service, memory)
    {
    }

    public RunningSource(
        EntryPlan plan, string state, FakeTimeProvider time, ScriptedService service, SegmentPool? memory = null,
        int mostOpenFiles = 1000, TimeProvider? serviceTime = null, long spoolBytes = 0)
    {
        Time = time;
        Directory.CreateDirectory(state);
        _store = PositionStore.Open(state, out _);
        var positions = _store.ReadPositions();
        Spool = new(Path.Combine(state, "spool"), spoolBytes, positions);
        _committer = new(_store, time, Log) { Committed = Spool.NoteCommitted };
        _committing = _committer.RunAsync(_stopping.Token);
        var accept = service.OnPut;
        service.OnPut = async batch =>
        {
            // The text is read before the memory is used again.
            var events = EventsOf(batch);
            var answer = await accept(batch);
            if (answer.IsSuccess)
            {
                events.ForEach(_events.Enqueue);
            }

            return answer;
        };
        var sending = service.Sending(time, Log, _stopping.Token, fault => Death = fault);
        var id = positions.Select(position => position.Id).DefaultIfEmpty().Max();
        Handles = new(mostOpenFiles);
        _entry = new(plan, new(
            new(
                memory ?? new SegmentPool(64, time), _committer, time, serviceTime ?? time, TimeSpan.FromSeconds(5),
                () => { }),
            new(Boot), Handles, new(time), () => ++id,
            _ => (room, book, stamps, resolved) => new OpenBatch(
                room, book, stamps, new(sending, Task.FromResult(Some.Target), resolved, Log)), Spool, Held, Boot,
            Log, _stopping.Token), new KnownPositions(
                positions, [plan], () => ++id, time.GetUtcNow(), Log).Of(plan));
    }

    public HandleBudget Handles { get; }

    public HeldFiles Held { get; } = new();

    public Spool Spool { get; }

    public Entry Entry => _entry;

    /// <summary>A plan for a path or a pattern, all of its files to one stream.</summary>
    public static EntryPlan PlanOf(string pattern) =>
        new(Glob.TryParse(pattern, out _)!, "group", "stream", _ => ("group", "stream"), _ => false);

    public FakeTimeProvider Time { get; }

    public CollectingLog Log { get; } = new();

    public Exception? Death { get; private set; }

    public bool IsDrained => _entry.Sources.All(source => source.IsDrained);

    public List<string> Delivered => [.. _events.Select(one => one.Message)];

    public IReadOnlyList<(string Message, long Stamp)> Events => [.. _events];

    public List<FilePosition> Positions => _store.ReadPositions();

    public List<Gap> Gaps => _store.Gaps.Read();

    /// <summary>What the reader thread does when something changed: looks, and reads until there is no more.</summary>
    public void Read()
    {
        foreach (var source in _entry.Sources)
        {
            source.Follow();
        }

        _entry.Discover().ForEach(source => source.Follow());
        foreach (var source in _entry.Sources)
        {
            while (source.Pump(_block) == LaneProgress.Advanced)
            {
            }

            source.CloseDue();
        }
    }

    /// <summary>Reads on while time passes, until a condition holds.</summary>
    public Task UntilAsync(Func<bool> condition, double seconds = 1)
    {
        var step = TimeSpan.FromSeconds(seconds);
        return Soon.IsAsync(() =>
        {
            Read();
            return condition();
        }, Time, step);
    }

    /// <summary>Ends as an agent that was told to: what is on its way is left, what was taken is committed.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _committing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var source in _entry.Sources)
        {
            source.Dispose();
        }

        _store.Dispose();
        _stopping.Dispose();
    }

    static List<(string, long)> EventsOf(EventBatch batch)
    {
        using var events = JsonDocument.Parse(
            (ReadOnlyMemory<byte>)(byte[])[(byte)'[', .. batch.Segments.SelectMany(part => part.ToArray()), (byte)']']);
        return
        [
            .. from item in events.RootElement.EnumerateArray()
               select (item.GetProperty("message").GetString()!, item.GetProperty("timestamp").GetInt64())
        ];
    }
}
