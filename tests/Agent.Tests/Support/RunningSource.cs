using System.Collections.Concurrent;
using System.Text.Json;
using Agent.Batch;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Pipeline;
using Agent.Tail;
using Agent.Upload;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Support;

/// <summary>One configured file as the agent follows it, with a service that answers as told and the test as its
/// reader thread.</summary>
sealed class RunningSource : IAsyncDisposable
{
    public static readonly SourcePlan AnyPlan = new("", "group", "stream", null, null);

    readonly byte[] _block = new byte[TailedFile.BlockBytes];
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentQueue<(string Message, long Stamp)> _events = new();
    readonly PositionStore _store;
    readonly Committer _committer;
    readonly Source _source;
    readonly Task _committing;

    public RunningSource(
        string path, string state, FakeTimeProvider time, ScriptedService service, SegmentPool? memory = null)
    {
        Time = time;
        Directory.CreateDirectory(state);
        _store = PositionStore.Open(state, out _);
        _committer = new(_store, time, Log);
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
        var backoff = new Backoff(() => 0.5);
        var sending = new Sending(
            service.PutAsync, new(service.CallAsync, Log), new(service.CallAsync, backoff, time, Log), backoff, time,
            fault => Death = fault, _stopping.Token);
        var positions = _store.ReadPositions();
        var id = positions.Select(position => position.Id).DefaultIfEmpty().Max();
        _source = new(AnyPlan with { Path = path }, new(
            new(memory ?? new SegmentPool(64), _committer, time, TimeSpan.FromSeconds(5), () => { }),
            positions, () => ++id,
            resolved => new StreamSender(sending, Task.FromResult(Some.Target), resolved, Log), "boot", Log));
    }

    public FakeTimeProvider Time { get; }

    public CollectingLog Log { get; } = new();

    public Exception? Death { get; private set; }

    public bool IsDrained => _source.IsDrained;

    public List<string> Delivered => [.. _events.Select(one => one.Message)];

    public IReadOnlyList<(string Message, long Stamp)> Events => [.. _events];

    public List<FilePosition> Positions => _store.ReadPositions();

    /// <summary>What the reader thread does when something changed: looks, and reads until there is no more.</summary>
    public void Read()
    {
        _source.Follow();
        while (_source.Pump(_block) == LaneProgress.Advanced)
        {
        }

        _source.CloseDue();
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
        _source.Dispose();
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
