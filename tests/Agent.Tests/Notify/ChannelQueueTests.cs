using Agent.Events;
using Agent.Notify;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Notify;

/// <summary>Notices of alarms on their way to people.</summary>
public sealed class ChannelQueueTests : IDisposable
{
    readonly FakeTimeProvider _time = new();
    readonly CollectingLog _log = new();
    readonly ScriptedChannel _channel = new();
    readonly List<string> _told = [];
    readonly CancellationTokenSource _stopping = new();
    readonly ChannelQueue _queue;
    Task _isRecorded = Task.CompletedTask;

    public ChannelQueueTests() => _queue = new(
        _channel, () => _isRecorded, told => _told.AddRange(told.Select(notice => notice.Id)), () => 0.5, _time, _log);

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _queue.Dispose();
        _channel.Dispose();
    }

    [Fact]
    public async Task NoticesGoInTheirOrderEachUntilItIsTaken()
    {
        _channel.Faults.Enqueue(new NotifyException("it is closed"));
        _channel.Faults.Enqueue(new InvalidOperationException("whatever a library throws"));
        _ = _queue.RunAsync(_stopping.Token);
        _queue.Add(Notice("1"));
        _queue.Add(Notice("2"));
        await Soon.IsAsync(() => _queue.Trouble == "it is closed", _time, TimeSpan.Zero);
        await Soon.IsAsync(() => _told.Count == 2, _time, TimeSpan.FromMilliseconds(100));

        Assert.Equal(["1", "2"], _told);
        Assert.Equal(["1", "1", "1", "2"], _channel.Sent.Select(sent => string.Join(' ', sent)));
        Assert.Null(_queue.Trouble);
        Assert.Equal(0, _queue.Waiting);
    }

    [Fact]
    public async Task ANoticeIsSentOnceItIsOnDisk()
    {
        var recorded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _isRecorded = recorded.Task;
        var running = _queue.RunAsync(_stopping.Token);
        _queue.Add(Notice("1"));
        Assert.Empty(_channel.Sent);

        recorded.SetResult();
        await Soon.IsAsync(() => _told.Count == 1, _time, TimeSpan.Zero);

        Assert.False(running.IsCompleted);
    }

    [Fact]
    public async Task AFloodIsToldOfTogether()
    {
        for (var i = 0; i < 30; i++)
        {
            _queue.Add(Notice($"{i}"));
        }

        _ = _queue.RunAsync(_stopping.Token);
        await Soon.IsAsync(() => _told.Count == 30, _time, TimeSpan.FromSeconds(1));

        // After a minute the next go alone again.
        Assert.Equal([1, 1, 20, 1, 1, 6], _channel.Sent.Select(sent => sent.Count));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), _told);
    }

    [Fact]
    public async Task OfTooManyTheOldestAreGivenUpAndTheLogSaysSo()
    {
        for (var i = 0; i < 600; i++)
        {
            _queue.Add(Notice($"{i}"));
        }

        Assert.Equal(500, _queue.Waiting);
        Assert.Equal(100, _log.Lines.Count);
        Assert.StartsWith(
            "Warning: More than 500 notices of alarms wait for scripted. The oldest is given up: failed-su was ALARM "
            + "at 0001-01-01T00:00:00Z. ",
            _log.Lines[0], StringComparison.Ordinal);
        _ = _queue.RunAsync(_stopping.Token);
        await Soon.IsAsync(() => _told.Count > 0, _time, TimeSpan.Zero);
        Assert.Equal("100", _told[0]);
    }

    static AlarmNotice Notice(string id) => new(
        id, "failed-su", null, "/var/log/secure", "wrong", "OK", "ALARM", "because", null, default, null,
        new("Sum", 300, 1, null, "GreaterThanThreshold", 2, "notBreaching"), [], ["scripted"]);

    /// <summary>Takes two notices alone in a minute, then twenty at once.</summary>
    sealed class ScriptedChannel() : Channel("scripted")
    {
        public Queue<Exception> Faults { get; } = [];

        public List<List<string>> Sent { get; } = [];

        public override int MostAtOnce => 20;

        public override int MostAMinute => 2;

        public override Task SendAsync(IReadOnlyList<AlarmNotice> notices, CancellationToken cancel)
        {
            Sent.Add([.. notices.Select(notice => notice.Id)]);
            return Faults.TryDequeue(out var fault) ? Task.FromException(fault) : Task.CompletedTask;
        }
    }
}
