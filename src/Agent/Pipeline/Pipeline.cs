using Agent.Aws;
using Agent.Checkpoint;
using Agent.Status;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>The agent, put together: this is the file to read first.</summary>
/// <remarks>
/// <code>
/// Shipping: by one configuration
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
/// <param name="reloading">Where the configurations come from that follow <paramref name="plan"/>.</param>
sealed partial class Pipeline(Plan plan, Reloading reloading, TimeProvider time, ILoggerFactory logs)
{
    readonly ILogger _log = logs.CreateLogger("vigil");
    Shipping? _shipping;

    /// <summary>Ships until stopped, then drains for a bounded time. What was not taken by then is not
    /// committed.</summary>
    /// <exception cref="StateException">The state folder cannot be used.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var folder = StateFolder.Take(plan.StateFolder);
        using var store = PositionStore.Open(folder.Path, out var movedAside);
        if (movedAside is not null)
        {
            LogCorrupt(movedAside);
        }

        var committer = new Committer(store, time, logs.CreateLogger("vigil.checkpoint"))
        {
            Committed = positions => Volatile.Read(ref _shipping)?.NoteCommitted(positions)
        };
        using var held = new HeldFiles();
        var died = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var serviceTime = new ServiceTime(time, logs.CreateLogger("vigil.time"));
        await using var watching = new Watching(
            folder.Path, serviceTime, ReportAsync, time, logs, fault => died.TrySetException(fault));
        var session = new Session(
            folder.Path, store, committer, serviceTime, reloading, held, watching, time.GetUtcNow(), time, logs, died);
        using var control = ControlSocket.TryOpen(
            folder.Path, ReportAsync, reloading.ReloadAsync, time, logs.CreateLogger("vigil.control"));
        using var ends = new CancellationTokenSource();
        var committing = committer.RunAsync(ends.Token);
        var answering = control?.RunAsync(ends.Token) ?? Task.CompletedTask;
        var isDrained = false;
        try
        {
            isDrained = await ShipAsync(session, committing, stopping);
        }
        finally
        {
            await ends.CancelAsync();
            await committing;
            await answering;
        }

        SayHowItEnded(isDrained, committer.IsSettled);
    }

    // Returns whether all that was read is delivered.
    async Task<bool> ShipAsync(Session session, Task committing, CancellationToken stopping)
    {
        var now = plan;
        while (true)
        {
            await session.Watching.FollowAsync(now.Watch);
            using var shipping = new Shipping(now, session);
            Volatile.Write(ref _shipping, shipping);
            await using var health = now.MetricsPort is { } port
                ? await HealthServer.TryStartAsync(port, ReportAsync, logs.CreateLogger("vigil.control"))
                : null;
            Plan? next;
            bool isDrained;
            try
            {
                next = await shipping.RunAsync(committing, stopping);
                var draining = shipping.NewDraining();
                isDrained = next is null ? await draining.ForTheEndAsync() : await draining.ForTheNextAsync();
            }
            finally
            {
                await shipping.EndSendingAsync();
            }

            if (next is null || stopping.IsCancellationRequested)
            {
                shipping.SayLost();
                return isDrained;
            }

            shipping.LeaveToNext();
            now = next;
        }
    }

    async Task<StatusReport> ReportAsync(CancellationToken cancel) =>
        Volatile.Read(ref _shipping) is { } shipping
            ? await shipping.ReportAsync(cancel)
            : throw new InvalidOperationException("it starts");

    void SayHowItEnded(bool isDrained, bool isSettled)
    {
        if (!isDrained)
        {
            LogNotDrained();
        }
        else if (!isSettled)
        {
            LogNotCommitted();
        }
        else
        {
            LogDrained();
        }
    }

    [LoggerMessage(2, LogLevel.Information, "Stopped: all that was read is delivered and committed")]
    partial void LogDrained();

    [LoggerMessage(3, LogLevel.Warning,
        "Stopped with log events that the service has not taken: they are read again from their files at the next "
        + "start")]
    partial void LogNotDrained();

    [LoggerMessage(6, LogLevel.Error,
        "Stopped: all that was read is delivered, but the positions could not be written. The next start sends again "
        + "what was delivered since they could; free the disk or mend the state folder first")]
    partial void LogNotCommitted();

    [LoggerMessage(4, LogLevel.Error,
        "The positions could not be read and are moved to {Aside}. Reading starts from the beginning of every file: "
        + "lines may be sent twice, none is lost")]
    partial void LogCorrupt(string aside);
}
