using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>Holds lines against detections. Most lines are none that anybody watches for: so what every match has in it
/// is searched in many lines at once, and only the lines that have it are looked at.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class LineWatch
{
    readonly TimeProvider _time;
    readonly TimeZoneInfo _zone;
    readonly Watched[] _all;
    readonly Watched[] _searched;
    readonly Watched[] _looked; // at every line

    sealed record Watched(
        Detection Detection, MetricFilter.Matcher Matcher, NeedleSearch? Search, DimensionValues? Dimensions);

    public LineWatch(IReadOnlyList<Detection> detections, TimeZoneInfo zone, TimeProvider time)
    {
        _time = time;
        _zone = zone;
        _all = [.. detections.Select(Of)];
        _searched = [.. _all.Where(one => one.Search is not null)];
        _looked = [.. _all.Where(one => one.Search is null)];
    }

    /// <summary>Looks at one event.</summary>
    /// <param name="stampMilliseconds">When it was written, where that is known; null reads it from the text.</param>
    /// <param name="seen">Takes what is observed.</param>
    public void Look(ReadOnlySpan<byte> text, long? stampMilliseconds, Sightings seen)
    {
        foreach (var watched in _all)
        {
            Look(watched, text, stampMilliseconds, seen);
        }
    }

    /// <summary>Looks at whole lines, each of which is an event.</summary>
    public void LookAtLines(ReadOnlySpan<byte> lines, Sightings seen)
    {
        foreach (var watched in _searched)
        {
            watched.Search!.Begin();
            for (var at = 0; watched.Search.Next(lines, at) is >= 0 and var hit;)
            {
                var start = lines[..hit].LastIndexOf((byte)'\n') + 1;
                at = EndOf(lines, hit);
                Look(watched, lines[start..at].TrimEnd("\r\n"u8), null, seen);
            }
        }

        for (var at = 0; _looked.Length > 0 && at < lines.Length;)
        {
            var end = EndOf(lines, at);
            var text = lines[at..end].TrimEnd("\r\n"u8);
            at = end;
            foreach (var watched in text.IsEmpty ? [] : _looked)
            {
                Look(watched, text, null, seen);
            }
        }
    }

    void Look(Watched watched, ReadOnlySpan<byte> text, long? stampMilliseconds, Sightings seen)
    {
        if (watched.Matcher.TryObserve(text, out var value, out var isMatch))
        {
            seen.Add(
                watched.Detection, TimeOf(text, stampMilliseconds), value, isMatch ? text : default,
                watched.Dimensions?.Of(watched.Matcher, text, _time.GetUtcNow()));
        }
    }

    static Watched Of(Detection detection)
    {
        var filter = detection.Filter!; // of lines
        var matcher = filter.CreateMatcher();
        return new(
            detection, matcher, matcher.Needles is { Count: > 0 } needles ? new(needles) : null,
            filter.Dimensions.Count > 0 ? new(filter.Dimensions.Count) : null);
    }

    static int EndOf(ReadOnlySpan<byte> lines, int at) =>
        lines[at..].IndexOf((byte)'\n') is >= 0 and var length ? at + length + 1 : lines.Length;

    long TimeOf(ReadOnlySpan<byte> text, long? stampMilliseconds)
    {
        var now = _time.GetUtcNow();
        var time = stampMilliseconds / 1000 ?? EventTime.Of(text, now, _zone) ?? now.ToUnixTimeSeconds();
        return Math.Min(time, now.ToUnixTimeSeconds());
    }
}
