using System.Text.Json;
using Agent.Events;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;

namespace Agent.Upload;

/// <summary>What all senders share.</summary>
/// <param name="Stopping">Sending ends, whatever is still on its way: nothing is resolved by it.</param>
/// <param name="Died">Told of an error that nobody foresaw; the agent must not go on half alive.</param>
sealed record Sending(
    PutEvents Put,
    TargetCreation Creation,
    GroupSettings Settings,
    Backoff Backoff,
    TimeProvider Time,
    Action<Exception> Died,
    CancellationToken Stopping);

/// <summary>Sends the batches of one file to one log stream, several at once, each again and again until the service
/// has it. Time alone never ends that. Batches come from the reader's thread; what is said of them goes back on
/// any thread.</summary>
/// <param name="target">Known as soon as the names in it are: until then batches wait.</param>
/// <param name="resolved">Told of each batch the service has taken, with what it rejected of it.</param>
sealed partial class StreamSender(
    Sending sending,
    Task<LogTarget> target,
    Action<EventBatch, RejectedLogEventsInfo?> resolved,
    ILogger log)
{
    readonly ILogger _log = log;
    readonly Lock _lock = new();
    readonly Queue<EventBatch> _waiting = new();
    readonly SendWindow _window = new();
    readonly TroubleLog _trouble = new(sending.Time, log);
    int _onTheirWay;

    /// <summary>Whether another batch may be begun: one is built while the window is filled, no more. A batch that
    /// waits here is memory that another stream could use.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _onTheirWay + _waiting.Count <= _window.Size;
            }
        }
    }

    /// <summary>Takes a batch over. It is resolved once, or never if the agent stops first.</summary>
    public void Enqueue(EventBatch batch)
    {
        lock (_lock)
        {
            _waiting.Enqueue(batch);
        }

        StartWhatFits();
    }

    void StartWhatFits()
    {
        while (true)
        {
            EventBatch? batch;
            lock (_lock)
            {
                if (_onTheirWay >= _window.Size || !_waiting.TryDequeue(out batch))
                {
                    return;
                }

                _onTheirWay++;
            }

            _ = Task.Run(() => RunAsync(batch), sending.Stopping);
        }
    }

    async Task RunAsync(EventBatch batch)
    {
        try
        {
            var rejected = await SendUntilTakenAsync(batch);
            Settle(batch);
            resolved(batch, rejected);
            StartWhatFits();
        }
        catch (OperationCanceledException) when (sending.Stopping.IsCancellationRequested)
        {
            // Not accepted, so not resolved: the next start reads it again.
        }
        catch (Exception e)
        {
            sending.Died(e);
        }
    }

    void Settle(EventBatch batch)
    {
        lock (_lock)
        {
            _onTheirWay--;
            _window.Accepted(batch.IsFull && _waiting.Count > 0);
        }
    }

    async Task<RejectedLogEventsInfo?> SendUntilTakenAsync(EventBatch batch)
    {
        var destination = await target.WaitAsync(sending.Stopping);
        for (var attempt = 1; ; attempt++)
        {
            var began = sending.Time.GetTimestamp();
            var (verdict, answer, fault) = await SendOnceAsync(destination, batch);
            if (verdict is Verdict.Accepted or Verdict.AcceptedInPart)
            {
                var took = (long)sending.Time.GetElapsedTime(began).TotalMilliseconds;
                LogDelivered(batch.Events, batch.End.SourcePath, destination, took);
                _trouble.Over(destination);
                _ = sending.Settings.SettleAsync(destination, sending.Stopping);
                return verdict == Verdict.Accepted ? null : Rejected(answer!);
            }

            if (verdict == Verdict.CreateTarget && await IsCreatedAsync(destination) && attempt == 1)
            {
                continue;
            }

            lock (_lock)
            {
                _window.Failed();
            }

            _trouble.Say(destination, fault);
            await Task.Delay(WaitOf(verdict, attempt, answer), sending.Time, sending.Stopping);
        }
    }

    TimeSpan WaitOf(Verdict verdict, int attempt, ServiceAnswer? answer) =>
        verdict == Verdict.RetryLater
            ? sending.Backoff.Later()
            : sending.Backoff.Soon(attempt, answer?.RetryAfter);

    async Task<(Verdict Verdict, ServiceAnswer? Answer, string Fault)> SendOnceAsync(
        LogTarget destination, EventBatch batch)
    {
        try
        {
            var answer = await sending.Put(destination, batch, sending.Stopping);
            return (Verdicts.Of(answer), answer, answer.IsSuccess ? "" : answer.ErrorText());
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            return (Verdict.RetrySoon, null, e.Message);
        }
    }

    async Task<bool> IsCreatedAsync(LogTarget destination)
    {
        try
        {
            var answer = await sending.Creation.CreateAsync(destination, sending.Stopping);
            if (!answer.IsSuccess)
            {
                _trouble.Say(destination, answer.ErrorText());
            }

            return answer.IsSuccess;
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            return false;
        }
    }

    static RejectedLogEventsInfo? Rejected(ServiceAnswer answer) =>
        JsonSerializer.Deserialize(answer.Body.Span, LogsJson.Wire.PutLogEventsResponse)?.RejectedLogEventsInfo;

    static bool IsOfTheNetwork(Exception e) => e is HttpRequestException or IOException or TimeoutException;

    [LoggerMessage(530, LogLevel.Debug, "Delivered {Events} log events of {Path} to {Target} in {Milliseconds} ms")]
    partial void LogDelivered(int events, string path, LogTarget target, long milliseconds);
}
