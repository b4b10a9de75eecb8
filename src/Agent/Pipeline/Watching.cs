using Agent.Checkpoint;
using Agent.Events;
using Agent.Status;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Watches for what the configuration asks for, whatever becomes of the shipping: another reader of the same
/// files, with positions of its own. A configuration that says something else begins it anew where it stood.</summary>
/// <param name="folder">Of the agent's state.</param>
/// <param name="died">Told of an error that nobody foresaw.</param>
sealed partial class Watching(
    string folder, TimeProvider time, ILoggerFactory logs, Action<Exception> died) : IAsyncDisposable
{
    readonly ILogger _log = logs.CreateLogger("vigil.watch");
    WatchRun? _run;
    string? _fault;

    /// <summary>How the alarms stand.</summary>
    public IReadOnlyList<AlarmStatus> Alarms => Volatile.Read(ref _run)?.Alarms ?? [];

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
        if (_run is { } run && plan is not null && run.Plan.IsConfiguredAs(plan))
        {
            return;
        }

        await StopAsync();
        if (plan is null)
        {
            return;
        }

        try
        {
            _run = new(plan, Path.Combine(folder, "watch"), time, logs, died);
            _fault = null;
            LogWatching(plan.Watched.Sum(one => one.Detections.Count), plan.Watched.Count);
        }
        catch (Exception e) when (e is StateException or IOException or UnauthorizedAccessException or SqliteException)
        {
            // No reason to ship nothing.
            Volatile.Write(ref _fault, e.Message);
            LogCannot(e.Message);
        }
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    async Task StopAsync()
    {
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
