using Agent.Batch;
using Agent.Checkpoint;
using Agent.Discovery;
using Agent.Pipeline;
using Agent.Tail;
using Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

public sealed class StatusReporterTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly CollectingLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadersThatHangAreWaitedForTogetherAndNamed()
    {
        using var store = PositionStore.Open(_folder.Root, out _);
        var committer = new Committer(store, _time, _log);
        var memory = new SegmentPool(1, TimeProvider.System);
        var handles = new HandleBudget(8);
        using var held = new HeldFiles();
        var spool = new Spool(_folder["spool"], 0, []);
        var room = new ReaderRoom(
            new(memory, committer, _time, _time, TimeSpan.FromSeconds(5), () => { }), handles, new(memory, _time),
            () => 1, _ => throw new InvalidOperationException(), spool, held, store, "boot", () => { }, _log);
        // Their threads are never started: so they look from outside when their file systems hang.
        using var first = new FileReader("/first", room, ChangeWatch.CreateWithoutNotice());
        using var second = new FileReader("/second", room, ChangeWatch.CreateWithoutNotice());
        var plan = new Plan(
            [], _folder.Root, new(new Uri("http://localhost:1"), "us-east-1"), "us-east-1", TimeSpan.FromSeconds(5), 1);
        using var reloading = new Reloading("config.json", _ => throw new InvalidOperationException(), _time, _log);
        await using var watching = new Watching(
            _folder.Root, new(_time, _log), _ => throw new InvalidOperationException(), _time,
            NullLoggerFactory.Instance, _ => { });
        using var deliveries = new Deliveries(
            plan, new(_time, _log), _time, NullLoggerFactory.Instance, _ => { }, CancellationToken.None);
        var session = new Session(
            _folder.Root, store, committer, new(_time, _log), reloading, held,
            watching, _time.GetUtcNow(), _time,
            NullLoggerFactory.Instance, new());
        var reporter = new StatusReporter(plan, session, () => [first, second], spool, deliveries, memory, handles);
        var began = _time.GetUtcNow();
        var asked = reporter.ReportAsync(CancellationToken.None);
        await Soon.IsAsync(() => asked.IsCompleted, _time, TimeSpan.FromSeconds(1));
        var report = await asked;

        Assert.Equal(["/first", "/second"], report.Problems.Select(problem => problem.Where));
        Assert.All(report.Problems, problem =>
            Assert.StartsWith("reading does not answer", problem.What, StringComparison.Ordinal));
        Assert.InRange(_time.GetUtcNow() - began, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
    }
}
