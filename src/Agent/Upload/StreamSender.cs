using System.Text.Json;
using Agent.Events;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;

namespace Agent.Upload;

/// <summary>What all senders share.</summary>
/// <param name="Stopping">Sending ends, whatever is still on its way: nothing is resolved by it.</param>
/// <param name="Outage">Of the one endpoint that all of them send to.</param>
/// <param name="Time">The service's time, as far as it is known.</param>
/// <param name="Died">Told of an error that nobody foresaw; the agent must not go on half alive.</param>
sealed record Sending(
    PutEvents Put,
    TargetCreation Creation,
    GroupSettings Settings,
    DeliveryLog Log,
    Backoff Backoff,
    Outage Outage,
    TimeProvider Time,
    Action<Exception> Died,
    CancellationToken Stopping);

/// <summary>Sends the batches of one file to one log stream, several at once, each again and again until the service
/// has it. Time alone never ends that. A batch that waits for its next try is in nobody's way: it holds no place in
/// the window. Batches come from the reader's thread; what is said of them goes back on any thread.</summary>
/// <param name="target">Known as soon as the names in it are: until then batches wait.</param>
/// <param name="resolved">Told of each batch the service has taken, with what it rejected of it.</param>
sealed partial class StreamSender(
    Sending sending,
    Task<LogTarget> target,
    Action<EventBatch, RejectedLogEventsInfo?> resolved,
    ILogger log)
{
    // Of a stream that is refused altogether no more than these stay in memory; the rest waits in its file.
    const int MostRefused = 2;

    readonly ILogger _log = log;
    readonly Lock _lock = new();
    readonly Queue<Flight> _waiting = new();
    readonly Queue<Flight> _again = new();
    readonly SendWindow _window = new();
    readonly Trouble _trouble = new(sending.Time, sending.Log);
    LogTarget? _destination;
    int _onTheirWay;
    int _refused;
    int _held; // not taken yet
    long _events; // that were taken, in so many batches
    long _batches;
    DateTimeOffset _delivered;

    /// <summary>Whether another batch may be begun: one is built while the window is filled, no more. A batch that
    /// waits here is memory that another stream could use.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _onTheirWay + _waiting.Count <= _window.Size && _refused < MostRefused;
            }
        }
    }

    /// <summary>The log stream, once its name is known and something was sent.</summary>
    public LogTarget? Target => Volatile.Read(ref _destination);

    /// <summary>How it goes, from any thread.</summary>
    public DeliveryStatus Status
    {
        get
        {
            lock (_lock)
            {
                return new(
                    _onTheirWay, _held - _onTheirWay, _events, _batches, _batches == 0 ? null : _delivered,
                    _trouble.Current);
            }
        }
    }

    /// <summary>Takes a batch over. It is resolved once, or never if the agent stops first.</summary>
    public void Enqueue(EventBatch batch)
    {
        lock (_lock)
        {
            _waiting.Enqueue(new(batch));
            _held++;
        }

        StartWhatFits();
    }

    void StartWhatFits()
    {
        while (true)
        {
            Flight? flight;
            lock (_lock)
            {
                if (_onTheirWay >= _window.Size
                    || (!_again.TryDequeue(out flight) && !_waiting.TryDequeue(out flight)))
                {
                    return;
                }

                _onTheirWay++;
            }

            _ = Task.Run(() => RunAsync(flight), sending.Stopping);
        }
    }

    async Task RunAsync(Flight flight)
    {
        try
        {
            var destination = await target.WaitAsync(sending.Stopping);
            Volatile.Write(ref _destination, destination);
            var outcome = flight.KeepTooNew(await TryOnceAsync(destination, flight));
            if (outcome.IsAnswered)
            {
                sending.Outage.End();
                flight.IsProbe = false;
            }

            if (outcome.Verdict is Verdict.Accepted or Verdict.AcceptedInPart)
            {
                Settle(destination, flight);
                await sending.Settings.SettleAsync(destination, sending.Stopping);
            }
            else
            {
                await WaitAsync(destination, flight, outcome);
            }
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

    void Settle(LogTarget destination, Flight flight)
    {
        bool isFirst;
        bool isWell;
        lock (_lock)
        {
            _onTheirWay--;
            _refused -= flight.Tries > 1 ? 1 : 0;
            _window.Accepted(flight.Batch.IsFull && _waiting.Count > 0);
            isFirst = _batches == 0;
            isWell = _refused == 0;
            _held--;
            _batches++;
            _events += flight.Batch.Events;
            _delivered = sending.Time.GetUtcNow();
        }

        if (isFirst)
        {
            sending.Log.Arrived(flight.Batch.End.SourcePath, destination);
        }

        if (isWell)
        {
            _trouble.Over(destination);
        }

        resolved(flight.Batch, flight.Rejected);
        StartWhatFits();
    }

    async Task WaitAsync(LogTarget destination, Flight flight, Outcome outcome)
    {
        lock (_lock)
        {
            _onTheirWay--;
            _refused += flight.Tries == 1 ? 1 : 0;
            _window.Failed();
        }

        _trouble.Meet(destination, outcome.Fault);
        StartWhatFits();
        var wait = outcome.Verdict switch
        {
            Verdict.RetryWhenDue => TooNew.WaitFor(flight.Rest, sending.Time.GetUtcNow()),
            Verdict.RetryLater => sending.Backoff.Later(),
            _ => sending.Backoff.Soon(flight.Tries, outcome.RetryAfter)
        };
        if (outcome.IsAnswered)
        {
            await Task.Delay(wait, sending.Time, sending.Stopping);
        }
        else
        {
            flight.IsProbe = await sending.Outage.WaitAsync(wait, flight.IsProbe, sending.Stopping);
        }

        lock (_lock)
        {
            _again.Enqueue(flight);
        }

        StartWhatFits();
    }

    async Task<Outcome> TryOnceAsync(LogTarget destination, Flight flight)
    {
        flight.Tries++;
        var outcome = await SendAsync(destination, flight.Rest);
        if (outcome.Verdict != Verdict.CreateTarget)
        {
            return outcome;
        }

        // Once made, it is sent again at once; where it is still not found (the service needs a moment) it waits.
        var fault = await CreateAsync(destination);
        return fault is null ? await SendAsync(destination, flight.Rest) : outcome with { Fault = fault };
    }

    async Task<Outcome> SendAsync(LogTarget destination, EventBatch batch)
    {
        try
        {
            var began = sending.Time.GetTimestamp();
            var answer = await sending.Put(destination, batch, sending.Stopping);
            var verdict = Verdicts.Of(answer);
            if (verdict is not (Verdict.Accepted or Verdict.AcceptedInPart))
            {
                return new(verdict, Fault: answer.ErrorText(), RetryAfter: answer.RetryAfter);
            }

            var took = (long)sending.Time.GetElapsedTime(began).TotalMilliseconds;
            LogDelivered(batch.Events, batch.End.SourcePath, destination, took);
            return new(verdict, verdict == Verdict.Accepted ? null : Rejected(answer));
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            return new(Verdict.RetrySoon, Fault: e.Message, IsAnswered: e is JsonException);
        }
    }

    // Null when it exists now, else what is in the way.
    async Task<string?> CreateAsync(LogTarget destination)
    {
        try
        {
            var answer = await sending.Creation.CreateAsync(destination, sending.Stopping);
            return answer.IsSuccess ? null : answer.ErrorText();
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            return e.Message;
        }
    }

    static RejectedLogEventsInfo? Rejected(ServiceAnswer answer) =>
        JsonSerializer.Deserialize(answer.Body.Span, LogsJson.Wire.PutLogEventsResponse)?.RejectedLogEventsInfo;

    // An answer that is no JSON is no answer of the service.
    static bool IsOfTheNetwork(Exception e) =>
        e is HttpRequestException or IOException or TimeoutException or JsonException;

    [LoggerMessage(530, LogLevel.Debug, "Delivered {Events} log events of {Path} to {Target} in {Milliseconds} ms")]
    partial void LogDelivered(int events, string path, LogTarget target, long milliseconds);
}
