using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Waits until what was read is delivered, once nothing more is read.</summary>
sealed class Draining(Readers readers, Spool spool, TimeProvider time)
{
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Before the process ends: for a bounded time.</summary>
    /// <returns>Whether all is delivered.</returns>
    public async Task<bool> ForTheEndAsync()
    {
        var isDrained = await IsInTimeAsync(
            () => !spool.IsCopying && readers.All.All(reader => reader.IsDrained), Plan.Drain);
        return isDrained && !readers.All.Any(reader => reader.IsDenied);
    }

    /// <summary>Where another goes on in this process: what the service has not got in time is left to that one, once
    /// nothing is on its way any more.</summary>
    /// <returns>Whether all is delivered.</returns>
    public async Task<bool> ForTheNextAsync()
    {
        spool.Stop();
        var isDrained = await IsInTimeAsync(() => readers.All.All(reader => reader.IsDrained), Plan.Drain);
        if (!isDrained)
        {
            readers.All.ToList().ForEach(reader => reader.GiveUp());
            await IsInTimeAsync(() => !readers.All.Any(reader => reader.IsSending), Plan.LongestRequest);
        }

        await IsInTimeAsync(() => !spool.IsCopying, Plan.LongestRequest); // a segment is written within less
        return isDrained;
    }

    async Task<bool> IsInTimeAsync(Func<bool> condition, TimeSpan longest)
    {
        var began = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(began) >= longest)
            {
                return false;
            }

            await Task.Delay(LookInterval, time, CancellationToken.None);
        }

        return true;
    }
}
