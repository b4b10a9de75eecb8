namespace Agent.Detect;

/// <summary>The breaches that are known of: each is a run of periods' ends, and two that lie no further apart than an
/// alarm looks back are one.</summary>
/// <param name="rangeSeconds">How far an alarm looks back.</param>
sealed class Bursts(long rangeSeconds, IEnumerable<KnownBurst> known)
{
    const int Most = 100;

    readonly List<KnownBurst> _all = [.. known];

    public IReadOnlyList<KnownBurst> All => _all;

    /// <summary>A period breached.</summary>
    /// <param name="end">In seconds since 1970.</param>
    /// <returns>Whether that is the first that is known of its burst.</returns>
    public bool Add(long end)
    {
        var near = _all.FindAll(one => end >= one.From - rangeSeconds && end <= one.To + rangeSeconds);
        _all.RemoveAll(near.Contains);
        _all.Add(new(
            near.Select(one => one.From).Append(end).Min(), near.Select(one => one.To).Append(end).Max()));
        if (_all.Count > Most)
        {
            _all.RemoveAt(0);
        }

        return near.Count == 0;
    }
}
