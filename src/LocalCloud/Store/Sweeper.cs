using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Store;

/// <summary>Runs the sweep: at start, when something was deleted, and every hour for what has outlived its retention.
/// Puts come in between its steps.</summary>
sealed class Sweeper : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // One waiting wake is as good as many.
    readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly CancellationTokenSource _stopping = new();
    readonly LogStore _store;
    readonly TimeProvider _time;
    readonly ITimer _timer;
    readonly Task _running;

    public Sweeper(LogStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        _timer = time.CreateTimer(_ => Wake(), null, TimeSpan.Zero, Interval);
        _running = RunAsync(_stopping.Token);
    }

    public void Wake() => _wakes.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var _ in _wakes.Reader.ReadAllAsync(stop))
                await SweepAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // Stopping; what is left is swept after the next start.
        }
    }

    async Task SweepAsync(CancellationToken stop)
    {
        try
        {
            while (await _store.WriteAsync(
                connection => Sweep.Step(connection, _time.GetUtcNow().ToUnixTimeMilliseconds()), stop))
            {
                // Waiters for the writing connection are served in turn, so a put gets in before the next step.
                await Task.Yield();
            }
        }
        catch (SqliteException)
        {
            // A full or failing disk: puts say so to their callers, and the next wake tries again. Nothing shows
            // events that should have gone, since reading never relies on the sweep.
        }
    }
}
