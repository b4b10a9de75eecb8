using System.Runtime.CompilerServices;
using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Upload;

/// <summary>Sends the batches of one file to one log stream, several at once, each again and again until the service
/// has it. Time alone never ends that. A batch that waits for its next try is in nobody's way: it holds no place in
/// the window. Batches come from the reader's thread; what is said of them goes back on any thread.</summary>
/// <param name="target">Known as soon as the names in it are: until then batches wait.</param>
/// <param name="resolved">Told of each batch of which nothing is left to send, with what of it the service will never
/// take.</param>
#pragma warning disable CA1001 // Without a timer there is nothing in a source of cancellation to be disposed of.
sealed class StreamSender(
#pragma warning restore CA1001
    Sending sending,
    Task<LogTarget> target,
    Action<EventBatch, IReadOnlyList<DeadEvents>> resolved,
    ILogger log)
{
    readonly Attempt _attempt = new(sending, log);
    readonly CancellationTokenSource _givenUp = new();
    readonly Flights _flights = new(sending.Shares);
    readonly DeliveryCounts _counts = new(sending.Time);
    readonly Trouble _trouble = new(sending.Time, sending.Log);
    LogTarget? _destination;

    /// <summary>Whether another batch may be begun.</summary>
    public bool HasRoom => _flights.HasRoom;

    /// <summary>How many streams have full batches to send, and how many of those they have together.</summary>
    public (int Streams, int Batches) Full => sending.Shares.Full;

    /// <summary>Whether the next batch should be a small one: nobody knows whether the service takes it.</summary>
    public bool IsOnTrial => _flights.IsOnTrial;

    /// <summary>Whether the service denies what it was sent last: batches may be taken back, or were.</summary>
    public bool IsDenied => _flights.IsDenied;

    /// <summary>Called, on any thread, when batches are denied and may be taken back, and when it is time for another
    /// one.</summary>
    public Action? CallReader { get; set; }

    /// <summary>The log stream, once its name is known and something was sent.</summary>
    public LogTarget? Target => Volatile.Read(ref _destination);

    /// <summary>How it goes, from any thread.</summary>
    public DeliveryStatus Status
    {
        get
        {
            var (onTheirWay, waiting) = _flights.Count;
            return _counts.StatusWith(onTheirWay, waiting, _trouble.Current);
        }
    }

    /// <summary>Takes a batch over. It is resolved once, or taken back, or neither if the agent stops first.</summary>
    public void Enqueue(EventBatch batch)
    {
        _flights.Add(batch);
        StartWhatFits();
    }

    /// <summary>Takes back what is denied, and gives its memory back. On the reader's thread.</summary>
    /// <param name="rewind">Goes back in the file to where a batch begins; false if that cannot be done.</param>
    /// <returns>Whether it was gone back.</returns>
    public bool TryTakeBack(Func<EventBatch, bool> rewind)
    {
        var batches = _flights.TakeBack(rewind);
        foreach (var batch in batches)
        {
            batch.Release();
        }

        StartWhatFits(); // where there was no going back, a wait may have ended meanwhile
        return batches.Count > 0;
    }

    /// <summary>Whether requests are on their way.</summary>
    public bool IsSending => _flights.Count.OnTheirWay > 0;

    /// <summary>Tries nothing again: what is not being sent at this moment is not resolved by this sender, and its
    /// memory is given back.</summary>
    public void GiveUp()
    {
        _givenUp.Cancel();
        foreach (var batch in _flights.TakeOut())
        {
            batch.Release();
        }
    }

    /// <summary>Nothing more will be sent: what was in the way is in nobody's way any more.</summary>
    public void Retire()
    {
        if (Target is { } target)
        {
            _trouble.Over(target, isDelivering: false);
        }
    }

    void StartWhatFits()
    {
        while (!IsEnding && _flights.TryStart() is { } flight)
        {
            _ = RunAsync(flight);
        }
    }

    async Task RunAsync(Flight flight)
    {
        // Whoever hands a batch over, the reader's thread above all, has no time to hash it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var destination = await TargetAsync();
            Volatile.Write(ref _destination, destination);
            flight.PassOverTooOld(sending.ServiceNow());
            if (flight.IsDone)
            {
                _flights.NoteReached(); // nobody knows, but what is too old need not go in small pieces
                Settle(flight);
                return;
            }

            var outcome = await TryAsync(destination, flight);
            if (flight.IsDone)
            {
                if (Settle(flight))
                {
                    _trouble.Over(destination);
                }

                await sending.Settings.SettleAsync(destination, sending.Stopping);
            }
            else if (outcome.Verdict is Verdict.Accepted or Verdict.AcceptedInPart or Verdict.Split or Verdict.SendLess)
            {
                GoOn(flight);
            }
            else
            {
                await WaitAsync(destination, flight, outcome);
            }
        }
        catch (Exception) when (IsEnding)
        {
            // Not accepted, so not resolved: whoever comes next reads it again. What it met is nobody's trouble, since
            // what it was sent by may be gone.
            Drop(flight);
        }
        catch (Exception e)
        {
            sending.Died(e);
        }
    }

    // Returns what to do about what is left of the batch.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<Outcome> TryAsync(LogTarget destination, Flight flight)
    {
        flight.Tries++;
        flight.SentAs = _counts.NoteRequest();
        var asked = flight.Next;
        var lastTaken = _counts.LastTaken; // by now: what is taken meanwhile says nothing of this try
        var outcome = await _attempt.MakeAsync(destination, asked);
        _counts.NoteOutcome(isRetry: flight.Tries > 1, isThrottled: outcome.Verdict == Verdict.SlowDown);
        // A probe that was never sent leaves it to another to find out.
        if (outcome.Reach == Reach.Answered || (outcome.Reach == Reach.NotSent && flight.IsProbe))
        {
            sending.Outage.End();
            flight.IsProbe = false;
        }

        if (outcome.Reach == Reach.Answered && !outcome.IsDenial)
        {
            _flights.NoteReached();
        }

        if (outcome.IsTaken
            && _counts.NoteTaken(flight.SentAs, outcome.TakenOf(asked.Events), asked.BodyBytes))
        {
            sending.Log.Arrived(flight.Batch.End.SourcePath, destination);
        }

        return flight.Judge(outcome, lastTaken);
    }

    // Returns whether none of the others was refused.
    bool Settle(Flight flight)
    {
        _counts.NoteBatch();
        var isWell = _flights.End(flight);
        resolved(flight.Batch, flight.Dead);
        StartWhatFits();
        return isWell;
    }

    // Something is left that may be sent at once.
    void GoOn(Flight flight)
    {
        flight.Tries = 0;
        _flights.GoOn(flight);
        StartWhatFits();
    }

    void Drop(Flight flight)
    {
        if (_flights.Drop(flight))
        {
            flight.Batch.Release();
        }
    }

    bool IsEnding => _givenUp.IsCancellationRequested || sending.Stopping.IsCancellationRequested;

    async Task<LogTarget> TargetAsync()
    {
        if (!target.IsCompleted)
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(sending.Stopping, _givenUp.Token);
            await target.WaitAsync(ends.Token);
        }

        return await target;
    }

    async Task WaitAsync(LogTarget destination, Flight flight, Outcome outcome)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(sending.Stopping, _givenUp.Token);
        ends.Token.ThrowIfCancellationRequested();
        var isDenied = outcome.IsDenial && flight.IsWhole;
        _flights.Wait(flight, isDenied);
        _trouble.Meet(destination, outcome);
        StartWhatFits();
        if (isDenied)
        {
            CallReader?.Invoke();
        }

        var wait = outcome.Verdict switch
        {
            Verdict.RetryWhenDue => TooNew.WaitFor(flight.Next, sending.Time.GetUtcNow()),
            Verdict.RetryLater => sending.Backoff.Later(),
            _ => sending.Backoff.Soon(flight.Tries, outcome.RetryAfter)
        };
        if (outcome.Reach != Reach.Silent)
        {
            await Task.Delay(wait, sending.Time, ends.Token);
        }
        else
        {
            sending.Shares.Unanswered();
            flight.IsProbe = await sending.Outage.WaitAsync(wait, flight.IsProbe, ends.Token);
        }

        if (_flights.EndWait(flight))
        {
            CallReader?.Invoke();
        }

        StartWhatFits();
    }
}
