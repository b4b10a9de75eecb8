namespace CloudWatch.Metrics;

/// <summary>One metric's observations, put together by the minute, or the second of one of high resolution. An
/// observation goes to the time it was made, however late it comes.</summary>
/// <param name="resolutionSeconds">1 or 60.</param>
/// <param name="keepsValues">Whether percentiles will be asked for.</param>
public sealed class MetricSeries(int resolutionSeconds = 60, bool keepsValues = false)
{
    // In order of time; nearly all come at the end.
    readonly List<(long Start, StatisticSet Set)> _slots = [];

    public IReadOnlyList<(long Start, StatisticSet Set)> Slots => _slots;

    /// <summary>The beginning of the slot a time belongs to.</summary>
    /// <param name="unixSeconds">Seconds since 1970.</param>
    public long SlotOf(long unixSeconds) => unixSeconds - Remainder(unixSeconds, resolutionSeconds);

    /// <returns>The slot that it was added to.</returns>
    public (long Start, StatisticSet Set) Add(long unixSeconds, double value, double count = 1)
    {
        var slot = Made(SlotOf(unixSeconds));
        slot.Set.Add(value, count);
        return slot;
    }

    public void Add(long unixSeconds, StatisticSet set) => Made(SlotOf(unixSeconds)).Set.Add(set);

    /// <summary>The observations of the slots that begin from one time until before another.</summary>
    public StatisticSet Between(long fromUnixSeconds, long toUnixSeconds)
    {
        var sum = new StatisticSet(keepsValues);
        for (var i = FirstNotBefore(fromUnixSeconds); i < _slots.Count && _slots[i].Start < toUnixSeconds; i++)
            sum.Add(_slots[i].Set);
        return sum;
    }

    /// <summary>The observations of the slot that begins at a time; none where there is no such slot.</summary>
    public StatisticSet At(long start) =>
        FirstNotBefore(start) is var at && at < _slots.Count && _slots[at].Start == start
            ? _slots[at].Set
            : new(keepsValues);

    /// <summary>Forgets the slot that begins at a time.</summary>
    public void Forget(long start)
    {
        var at = FirstNotBefore(start);
        if (at < _slots.Count && _slots[at].Start == start)
            _slots.RemoveAt(at);
    }

    internal static long Remainder(long seconds, long of) => ((seconds % of) + of) % of;

    (long Start, StatisticSet Set) Made(long start)
    {
        var at = FirstNotBefore(start);
        if (at == _slots.Count || _slots[at].Start != start)
            _slots.Insert(at, (start, new(keepsValues)));
        return _slots[at];
    }

    int FirstNotBefore(long start)
    {
        if (_slots.Count == 0 || _slots[^1].Start < start)
            return _slots.Count;

        var (low, high) = (0, _slots.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _slots[middle].Start < start ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
