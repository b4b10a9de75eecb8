using Agent.Batch;

namespace Agent.Pipeline;

/// <summary>Gives back the memory that a busy time took: the pool's segments that nobody needs any more, and what the
/// collector would keep for as long as nothing else is allocated. Any thread may call.</summary>
sealed class Slimming(SegmentPool pool, TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // A collection costs milliseconds: one that gives back less is not worth them.
    const long LeastBytes = 8 << 20;

    readonly Lock _lock = new();
    long _slimmed = time.GetTimestamp();
    long _bytesAfter;

    /// <summary>To be called now and then; does something at most every ten seconds.</summary>
    public void SlimIfDue()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_slimmed) < Interval)
            {
                return;
            }

            _slimmed = time.GetTimestamp();
            pool.Trim();
            var isQuiet = pool.UsedBytes < pool.BudgetBytes / 4;
            if (isQuiet && GC.GetTotalMemory(forceFullCollection: false) >= _bytesAfter + LeastBytes)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                _bytesAfter = GC.GetTotalMemory(forceFullCollection: false);
            }
        }
    }
}
