using Agent.Events;
using CloudWatch;

namespace Agent.Upload;

/// <summary>A batch on its way: what of it is still to be sent, and what of it the service will never take. For one
/// thread at a time.</summary>
sealed class Flight(EventBatch batch)
{
    // A service may refuse once for a fault of its own.
    const int MostRefusals = 3;

    // The service's time is known to some seconds. What is that near to the bound the service itself judges.
    static readonly TimeSpan Doubt = TimeSpan.FromMinutes(1);

    const string TooOld = "older than 14 days, which the service does not take";

    readonly Remainder _remainder = new(batch.Events);
    readonly List<DeadEvents> _dead = [];
    EventBatch? _next = batch;
    long? _refusedAs;

    /// <summary>Where it is. For <see cref="Flights"/> alone.</summary>
    public FlightState State { get; set; }

    /// <summary>Whether the wait for its next try is over. For <see cref="Flights"/> alone.</summary>
    public bool IsWaitOver { get; set; }

    /// <summary>Its place among the batches of its stream.</summary>
    public long Number { get; init; }

    public EventBatch Batch { get; } = batch;

    /// <summary>What is to be sent now: the whole batch, or a part of it.</summary>
    /// <exception cref="InvalidOperationException">Nothing is left.</exception>
    public EventBatch Next => _next ??= Batch.Part(Part.First, Part.Count);

    /// <summary>Whether the service took nothing of it, and it was never cut: to begin it anew loses nothing and
    /// repeats nothing.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Whether nothing is left to be sent.</summary>
    public bool IsDone => _remainder.Next is null;

    /// <summary>What the service will never take, in the batch's order; what follows on what is dead for the same
    /// reason is one with it.</summary>
    public IReadOnlyList<DeadEvents> Dead
    {
        get
        {
            if (_dead.Count == 0)
            {
                return [];
            }

            List<DeadEvents> joined = [];
            foreach (var events in _dead.OrderBy(events => events.First))
            {
                if (joined is [.., var last] && last.End == events.First && last.Reason == events.Reason)
                {
                    joined[^1] = last with { Count = last.Count + events.Count };
                }
                else
                {
                    joined.Add(events);
                }
            }

            return joined;
        }
    }

    /// <summary>How often it was tried since there was progress.</summary>
    public int Tries { get; set; }

    /// <summary>The number of its last request among all of its stream.</summary>
    public long SentAs { get; set; }

    /// <summary>Whether it had to wait for another try.</summary>
    public bool WasRefused { get; set; }

    /// <summary>Whether its next try is to tell whether an outage is over.</summary>
    public bool IsProbe { get; set; }

    Remainder.Part Part =>
        _remainder.Next ?? throw new InvalidOperationException("nothing of the batch is left to be sent");

    /// <summary>Passes over what is too old before it costs a request.</summary>
    /// <param name="now">By the service's clock; null while nobody knows it, since a wrong clock must condemn
    /// nothing.</param>
    public void PassOverTooOld(DateTimeOffset? now)
    {
        var oldest = (now - Limits.OldestEvent - Doubt)?.ToUnixTimeMilliseconds();
        while (!IsDone && Next.FirstStamp < oldest)
        {
            var count = Next.Table().TakeWhile(one => one.Stamp < oldest).Count();
            Settle(Math.Max(count, 1), TooOld);
        }
    }

    /// <summary>Takes note of what became of a try.</summary>
    /// <param name="lastTaken">The number of the last request that the service had taken of this stream when this one
    /// was sent.</param>
    /// <returns>What to do about what is left, if something is.</returns>
    public Outcome Judge(Outcome outcome, long lastTaken) => outcome.Verdict switch
    {
        Verdict.Accepted or Verdict.AcceptedInPart => Take(outcome),
        Verdict.Split => Refuse(outcome, lastTaken),
        Verdict.SendLess => Halve(outcome, Verdict.RetryLater),
        _ => outcome
    };

    Outcome Take(Outcome outcome)
    {
        var (rejected, count) = (outcome.Rejected, Next.Events);
        var (first, end) = rejected?.StoredOf(count) ?? (0, count);
        var tooOld = Math.Clamp(rejected?.TooOldLogEventEndIndex ?? 0, 0, first);
        Settle(tooOld, TooOld);
        Settle(first - tooOld, "older than the retention of the log group");
        Settle(end - first);
        return end == count ? outcome : new(Verdict.RetryWhenDue, Fault: TooNew.Fault);
    }

    // An event is condemned only while the service takes others: one that takes none minds something else.
    Outcome Refuse(Outcome outcome, long lastTaken)
    {
        _refusedAs ??= SentAs;
        var takesOthers = lastTaken > _refusedAs;
        if (Next.Events > 1 || !takesOthers || Part.Refusals + 1 < MostRefusals)
        {
            return Halve(outcome, takesOthers ? Verdict.RetrySoon : Verdict.RetryLater, takesOthers);
        }

        Settle(1, $"refused by the service: {outcome.Fault}");
        return outcome;
    }

    Outcome Halve(Outcome outcome, Verdict otherwise, bool counts = false)
    {
        _next = null;
        IsWhole = false;
        return _remainder.Refuse(counts) ? outcome : outcome with { Verdict = otherwise };
    }

    // Of the next part the first events, since a part is settled in its order.
    void Settle(int count, string? deadFor = null)
    {
        if (count == 0)
        {
            return;
        }

        IsWhole &= deadFor == TooOld; // by its timestamp it is passed over again
        if (deadFor is not null)
        {
            _dead.Add(new(Part.First, count, deadFor));
        }

        _remainder.Settle(count);
        _next = null;
    }
}
