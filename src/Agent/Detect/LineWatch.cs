using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>Holds lines against detections, one after the other.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class LineWatch
{
    // A log's clock may be a little ahead; a stamp beyond is no time to go by.
    const long MostAheadSeconds = 7200;

    readonly TimeProvider _time;
    readonly TimeZoneInfo _zone;
    readonly (Detection Detection, MetricFilter.Matcher Matcher)[] _watched;

    public LineWatch(IReadOnlyList<Detection> detections, TimeZoneInfo zone, TimeProvider time)
    {
        _time = time;
        _zone = zone;
        _watched = [.. detections.Select(detection => (detection, detection.Filter.CreateMatcher()))];
    }

    /// <summary>Looks at one event.</summary>
    /// <param name="stampMilliseconds">When it was written, where that is known; null reads it from the text.</param>
    /// <param name="seen">Takes what is observed.</param>
    public void Look(ReadOnlySpan<byte> text, long? stampMilliseconds, Sightings seen)
    {
        foreach (var (detection, matcher) in _watched)
        {
            if (matcher.TryObserve(text, out var value, out var isMatch))
            {
                seen.Add(detection, TimeOf(text, stampMilliseconds), value, isMatch ? text : default);
            }
        }
    }

    long TimeOf(ReadOnlySpan<byte> text, long? stampMilliseconds)
    {
        var now = _time.GetUtcNow();
        var time = stampMilliseconds / 1000 ?? EventTime.Of(text, now, _zone) ?? now.ToUnixTimeSeconds();
        return time > now.ToUnixTimeSeconds() + MostAheadSeconds ? now.ToUnixTimeSeconds() : time;
    }
}
