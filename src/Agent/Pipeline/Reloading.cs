using System.Threading.Channels;
using Agent.Status;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Takes the configuration in again when somebody asks, and remembers what came of it: one that is no good
/// changes nothing. Any thread may ask.</summary>
/// <param name="path">Of the configuration, for people.</param>
/// <param name="read">Reads it.</param>
sealed partial class Reloading(
    string path, Func<CancellationToken, Task<PlanReading>> read, TimeProvider time, ILogger log) : IDisposable
{
    readonly ILogger _log = log;
    readonly Channel<Plan> _next = Channel.CreateBounded<Plan>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    // Longer than what was read is waited for, where it is taken.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly SemaphoreSlim _turn = new(1);
    TaskCompletionSource _applied = new();
    ConfigurationStatus _status = new(path, time.GetUtcNow(), null);

    /// <summary>Which configuration is in force.</summary>
    public ConfigurationStatus Status => Volatile.Read(ref _status);

    /// <summary>Reads the configuration, and puts it in force if it is good.</summary>
    /// <returns>What is wrong with it; whether it is taken all the same.</returns>
    public async Task<ReloadAnswer> ReloadAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var reading = await read(cancel);
            if (reading.Plan is { } plan)
            {
                var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _applied, applied);
                Volatile.Write(ref _status, new(path, time.GetUtcNow(), null));
                _next.Writer.TryWrite(plan);
                await WaitAsync(applied.Task, cancel);
                return new(true, reading.Faults) { NeedsRestart = reading.NeedsRestart };
            }

            var fault = reading.Faults is [var first, ..]
                ? first.Replace("error: ", "", StringComparison.Ordinal)
                : "it cannot be read";
            Volatile.Write(ref _status, Status with { Refusal = fault });
            LogRefused(path, fault);
            return new(false, reading.Faults);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same for who waits for no answer.</summary>
    public void Request() => _ = Task.Run(async () =>
    {
        try
        {
            var answer = await ReloadAsync(CancellationToken.None);
            foreach (var fault in answer.IsAccepted ? answer.Faults : [])
            {
                LogFault(fault);
            }

            if (answer.NeedsRestart)
            {
                LogNeedsRestart();
            }
        }
        catch (Exception e)
        {
            LogRefused(path, e.Message);
        }
    });

    /// <summary>The one that was asked for last is in force.</summary>
    public void NoteApplied() => Volatile.Read(ref _applied).TrySetResult();

    // What was read by the one before may take its time: it is said to be in force all the same, since it will be.
    async Task WaitAsync(Task applied, CancellationToken cancel) =>
        await Task.WhenAny(applied, Task.Delay(Patience, time, cancel));

    /// <summary>The next configuration that is to be in force.</summary>
    public Task<Plan> NextAsync(CancellationToken cancel) => _next.Reader.ReadAsync(cancel).AsTask();

    public void Dispose() => _turn.Dispose();

    [LoggerMessage(23, LogLevel.Warning, "Read again: {Fault}")]
    partial void LogFault(string fault);

    [LoggerMessage(25, LogLevel.Warning,
        "env-config.json was changed: its variables are taken over when the agent is started the next time")]
    partial void LogNeedsRestart();

    [LoggerMessage(20, LogLevel.Error,
        "{Path} is not taken in: {Fault}. The configuration that was read before stays in force; 'vigil config check' "
        + "says all that is wrong")]
    partial void LogRefused(string path, string fault);
}
