using Agent.Aws;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Status;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Watches for what the configuration asks for, whatever becomes of the shipping: another reader of the same
/// files, with positions of its own. A configuration that says something else begins it anew where it stood.</summary>
/// <param name="folder">Of the agent's state.</param>
/// <param name="report">The agent's status.</param>
/// <param name="died">Told of an error that nobody foresaw.</param>
sealed partial class Watching(
    string folder, ServiceTime serviceTime, Func<CancellationToken, Task<StatusReport>> report, TimeProvider time,
    ILoggerFactory logs, Action<Exception> died) : IAsyncDisposable
{
    static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    readonly ILogger _log = logs.CreateLogger("vigil.watch");
    readonly HeldFiles _held = new();
    readonly SemaphoreSlim _turn = new(1);
    readonly CancellationTokenSource _ends = new();
    WatchPlan? _plan;
    WatchRun? _run;
    string? _fault;

    /// <summary>How the alarms stand.</summary>
    public IReadOnlyList<AlarmStatus> Alarms => Volatile.Read(ref _run)?.Alarms ?? [];

    /// <summary>What was measured last of the host.</summary>
    public IReadOnlyList<Measurement> Measured => Volatile.Read(ref _run)?.Measured ?? [];

    /// <summary>What keeps files from being watched, or people from being told.</summary>
    public async Task<IReadOnlyList<Problem>> ProblemsAsync(CancellationToken cancel)
    {
        List<Problem> problems = Volatile.Read(ref _run) is { } run ? [.. await run.ProblemsAsync(cancel)] : [];
        if (Volatile.Read(ref _fault) is { } fault)
        {
            problems.Add(new(folder, $"nothing is watched for: {fault}") { Cause = "state" });
        }

        return problems;
    }

    /// <summary>Watches for what a plan says from now on.</summary>
    public async Task FollowAsync(WatchPlan? plan)
    {
        await _turn.WaitAsync();
        try
        {
            if (_run is { } run && plan is not null && run.Plan.IsConfiguredAs(plan))
            {
                return;
            }

            _held.LetGo(); // what nobody took over since the last change
            await StopAsync();
            _plan = plan;
            if (plan is not null && !TryStart(plan))
            {
                _ = RetryAsync(plan);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _turn.WaitAsync();
        await StopAsync();
        _held.Dispose();
        _turn.Dispose();
        _ends.Dispose();
    }

    bool TryStart(WatchPlan plan)
    {
        try
        {
            var room = new WatchRoom(Path.Combine(folder, "watch"), _held, serviceTime, report, time, _log, died);
            Volatile.Write(ref _run, WatchRun.Start(plan, room));
            Volatile.Write(ref _fault, null);
            LogWatching(plan.Detections.Count(), plan.Watched.Count);
            return true;
        }
        catch (Exception e) when (e is StateException or IOException or UnauthorizedAccessException or SqliteException)
        {
            // No reason to ship nothing.
            if (_fault is null)
            {
                LogCannot(e.Message);
            }

            Volatile.Write(ref _fault, e.Message);
            return false;
        }
    }

    // Until it can, or another plan is followed.
    async Task RetryAsync(WatchPlan plan)
    {
        try
        {
            while (true)
            {
                await Task.Delay(RetryDelay, time, _ends.Token);
                await _turn.WaitAsync(_ends.Token);
                try
                {
                    if (!ReferenceEquals(_plan, plan) || TryStart(plan))
                    {
                        return;
                    }
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The agent ends.
        }
    }

    async Task StopAsync()
    {
        Volatile.Write(ref _fault, null);
        if (_run is { } run)
        {
            Volatile.Write(ref _run, null);
            await run.DisposeAsync();
        }
    }

    [LoggerMessage(910, LogLevel.Information, "Watching; detections: {Detections}, in files of {Paths} paths")]
    partial void LogWatching(int detections, int paths);

    [LoggerMessage(911, LogLevel.Error, "Nothing is watched for: {Fault}. Log events go on being shipped")]
    partial void LogCannot(string fault);
}
