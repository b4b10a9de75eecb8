using Agent.Events;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>What was observed for a detection, by the minute, and what of it is to be put on disk.</summary>
/// <param name="rangeSeconds">How far the alarm looks back.</param>
/// <param name="keepsValues">Whether percentiles will be asked for.</param>
sealed class Points(string alarm, long rangeSeconds, bool keepsValues)
{
    const long DaySeconds = 86_400;

    // Of a burst that is days old one part may be read before the clock strikes, the other after it.
    const long BacklogSeconds = 600;

    readonly HashSet<long> _changed = [];
    readonly HashSet<long> _forgotten = [];
    readonly Dictionary<long, long> _addedAt = []; // by the minute

    public MetricSeries Series { get; } = new(keepsValues: keepsValues);

    /// <summary>Whether there is something to be kept.</summary>
    public bool HaveChanged => _changed.Count > 0 || _forgotten.Count > 0;

    // Beyond what is evaluated a day, for what is read late; less where each value is kept.
    long KeptSeconds => rangeSeconds + (keepsValues ? Math.Min(rangeSeconds, DaySeconds) : DaySeconds);

    /// <summary>Takes in what the run before kept.</summary>
    public void Restore(KeptPoint point, long now)
    {
        Series.Add(point.Minute, point.Set);
        _addedAt[point.Minute] = now;
    }

    public void Add(Sighting sighting, long now)
    {
        Series.Add(sighting.Minute, sighting.Value, sighting.Count);
        _changed.Add(sighting.Minute);
        _forgotten.Remove(sighting.Minute);
        _addedAt[sighting.Minute] = now;
    }

    /// <summary>Forgets what no alarm can look at any more, unless it is near to what is being read.</summary>
    public void ForgetOld(long now)
    {
        var read = _addedAt.Where(one => now - one.Value < BacklogSeconds).Select(one => one.Key).Order().ToList();
        Forget(start => start < now - KeptSeconds && !IsNear(start, read));
    }

    /// <summary>They are of something that is not counted any more.</summary>
    public void ForgetAll() => Forget(_ => true);

    void Forget(Func<long, bool> isOld)
    {
        foreach (var start in Series.Slots.Select(slot => slot.Start).Where(isOld).ToList())
        {
            _forgotten.Add(start);
            _addedAt.Remove(start);
            _changed.Remove(start);
            Series.Forget(start);
        }
    }

    bool IsNear(long start, List<long> read)
    {
        var at = read.BinarySearch(start - rangeSeconds);
        at = at < 0 ? ~at : at;
        return at < read.Count && read[at] <= start + rangeSeconds;
    }

    /// <summary>What is to be kept since the last time.</summary>
    public List<StateRow> TakeRows()
    {
        List<StateRow> rows =
        [
            .. _changed.Select(start => WatchRows.Of(new KeptPoint(alarm, start, Series.At(start)))),
            .. _forgotten.Select(start => WatchRows.Gone(alarm, start))
        ];
        _changed.Clear();
        _forgotten.Clear();
        return rows;
    }
}
