namespace Agent.Upload;

/// <summary>How long to wait before a batch is sent again: doubling, with full jitter so that a fleet that failed
/// together does not come back together, and never longer than half a minute, so that the end of an outage is
/// noticed soon.</summary>
/// <param name="dice">A number from 0 up to but not including 1.</param>
sealed class Backoff(Func<double> dice)
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    /// <param name="attempt">How often the batch was tried already; 1 or more.</param>
    /// <param name="atLeast">What the service asked for.</param>
    public TimeSpan Soon(int attempt, TimeSpan? atLeast)
    {
        var most = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 20)), Longest.TotalMilliseconds);
        var wait = TimeSpan.FromMilliseconds(most * dice());
        return atLeast is { } asked && asked > wait ? Min(asked, Longest) : wait;
    }

    /// <summary>The wait before trying what only a person can mend.</summary>
    public TimeSpan Later() => Longest * (0.5 + (dice() / 2));

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
