using System.Globalization;
using Agent.Events;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Support;

/// <summary>A service in simulated time: how long its answers take, and when it throttles or does not answer.</summary>
sealed class SimulatedService(FakeTimeProvider time, string latency, string script)
{
    readonly Lock _lock = new();
    readonly DateTimeOffset _began = time.GetUtcNow();
    readonly Random _random = new(1);
    readonly int[] _latency = [.. latency.Split('-').Select(Number)];
    readonly string[] _words = script.Split(' ');
    double _allowance = 1;
    DateTimeOffset _allowedUntil = time.GetUtcNow();

    /// <summary>Requests that got no answer, or were throttled.</summary>
    public int InVain { get; private set; }

    /// <summary>Those that it took.</summary>
    public int Taken { get; private set; }

    /// <summary>The same by log stream.</summary>
    public Dictionary<string, int> TakenOf { get; } = [];

    /// <summary>Changes with each request and each answer.</summary>
    public int Steps { get; private set; }

    public async Task<ServiceAnswer> PutAsync(LogTarget target, EventBatch batch, CancellationToken cancel)
    {
        TimeSpan wait;
        bool isDead, isThrottled;
        lock (_lock)
        {
            Steps++;
            wait = TimeSpan.FromMilliseconds(_random.Next(_latency[0], _latency[^1]));
            isDead = IsDead();
            isThrottled = !isDead && IsThrottled();
        }

        await Task.Delay(wait, time, cancel); // waits for simulated time
        lock (_lock)
        {
            Steps++;
            InVain += isDead || isThrottled ? 1 : 0;
            if (isDead)
            {
                throw new HttpRequestException("nobody answers");
            }

            if (isThrottled)
            {
                return Answers.Error("ThrottlingException");
            }

            Taken += batch.Events;
            TakenOf[target.Stream] = TakenOf.GetValueOrDefault(target.Stream) + 1;
            return Answers.Ok();
        }
    }

    double Seconds => (time.GetUtcNow() - _began).TotalSeconds;

    bool IsDead() => _words[0] switch
    {
        "dead" => Seconds >= Number(_words[1]) && Seconds < Number(_words[2]),
        "flap" => (int)(Seconds / Number(_words[1])) % 2 == 1,
        _ => false
    };

    // A bucket that holds one second's requests at most.
    bool IsThrottled()
    {
        if (_words[0] != "limit" || Seconds < Number(_words[2]) || Seconds >= Number(_words[3]))
        {
            return false;
        }

        var limit = Number(_words[1]);
        _allowance = Math.Min(limit, _allowance + (limit * (time.GetUtcNow() - _allowedUntil).TotalSeconds));
        _allowedUntil = time.GetUtcNow();
        if (_allowance < 1)
        {
            return true;
        }

        _allowance--;
        return false;
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
