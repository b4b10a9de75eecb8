using System.Net;
using System.Text;
using CloudWatch.Wire;

namespace LocalCloud.Faults;

/// <summary>Decides what becomes of each request, by a plan that may be changed while the server runs. Any thread may
/// call.</summary>
sealed class FaultDesk(FaultyClock clock)
{
    readonly Lock _lock = new();
    FaultPlan _plan = new();
    Random _dice = new(0);
    State[] _states = [];

    // What a rule has done so far.
    sealed class State
    {
        public int Done { get; set; }
        public long Second { get; set; }
        public int InSecond { get; set; }
    }

    public FaultPlan Plan
    {
        get
        {
            lock (_lock)
            {
                return _plan;
            }
        }

        set
        {
            lock (_lock)
            {
                _plan = value;
                _dice = new(value.Seed);
                _states = [.. value.Rules?.Select(_ => new State()) ?? []];
                clock.Offset = TimeSpan.FromSeconds(value.ClockOffsetSeconds);
            }
        }
    }

    /// <param name="target">The request's X-Amz-Target.</param>
    /// <param name="body">In plain UTF-8.</param>
    public Fate Throw(string target, ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            var fate = Fate.Good;
            for (var i = 0; i < _states.Length; i++)
            {
                if (IsHit(_plan.Rules![i], _states[i], target, body))
                {
                    fate = With(fate, _plan.Rules[i]);
                    if (fate.Refusal is not null || fate.IsCut || fate.LosesAnswer)
                    {
                        break;
                    }
                }
            }

            return fate;
        }
    }

    bool IsHit(FaultRule rule, State state, string target, ReadOnlySpan<byte> body)
    {
        if ((rule.Action is { } action && target != LogsApi.TargetPrefix + action)
            || (rule.Contains is { } text && body.IndexOf(Encoding.UTF8.GetBytes(text)) < 0)
            || state.Done >= rule.Times
            || (rule.RequestsPerSecond is { } rate && IsWithin(rate, state))
            || (rule.Share is { } share && _dice.NextDouble() >= share))
        {
            return false;
        }

        state.Done++;
        return true;
    }

    bool IsWithin(int rate, State state)
    {
        var second = clock.GetTimestamp() / clock.TimestampFrequency;
        if (second != state.Second)
        {
            (state.Second, state.InSecond) = (second, 0);
        }

        return ++state.InSecond <= rate;
    }

    static Fate With(Fate fate, FaultRule rule) => rule switch
    {
        { Error: { } type } => fate with
        {
            Refusal = new(type, rule.Message ?? "This server was told to fail.", (HttpStatusCode)(rule.Status ?? 400))
        },
        { RequestsPerSecond: not null } => fate with { Refusal = new(ErrorTypes.Throttling, "Rate exceeded") },
        { Cut: true } => fate with { IsCut = true },
        { DropAnswer: true } => fate with { LosesAnswer = true },
        { LatencyMs: { } latency } => fate with { Latency = fate.Latency + TimeSpan.FromMilliseconds(latency) },
        { DripMs: { } drip } => fate with { Drip = fate.Drip + TimeSpan.FromMilliseconds(drip) },
        _ => fate
    };
}
