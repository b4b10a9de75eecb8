using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>Holds lines against detections. Most lines are none that anybody watches for: so what every match has in it
/// is searched in many lines at once, and only the lines that have it are looked at.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class LineWatch
{
    readonly TimeProvider _time;
    readonly TimeZoneInfo _zone;
    readonly Action<Detection> _tooMany;
    readonly Watched[] _all;
    readonly Watched[] _searched;
    readonly Watched[] _looked; // at every line
    readonly NeedleSearch? _search;
    readonly Watched[] _owners; // by the needle

    sealed record Watched(Detection Detection, MetricFilter.Matcher Matcher, DimensionValues? Dimensions)
    {
        /// <summary>How far it has looked at the lines that are searched.</summary>
        public int LookedUntil { get; set; }
    }

    /// <param name="tooMany">Told of a detection whose lines have too many values of dimensions to publish all.</param>
    public LineWatch(
        IReadOnlyList<Detection> detections, TimeZoneInfo zone, TimeProvider time, Action<Detection>? tooMany = null)
    {
        _tooMany = tooMany ?? (_ => { });
        _time = time;
        _zone = zone;
        _all = [.. detections.Select(Of)];
        _searched = [.. _all.Where(one => one.Matcher.Needles.Count > 0)];
        _looked = [.. _all.Except(_searched)];
        _owners = [.. _searched.SelectMany(one => one.Matcher.Needles.Select(_ => one))];
        _search = _searched.Length == 0 ? null : new([.. _searched.SelectMany(one => one.Matcher.Needles)]);
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
        if (_search is not null)
        {
            foreach (var watched in _searched)
            {
                watched.LookedUntil = 0;
            }

            _search.Search(lines, (this, seen), static (lines, at, number, state) =>
                state.Item1.LookAround(lines, at, state.Item1._owners[number], state.seen));
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

    // One line may have several of what is searched for.
    void LookAround(ReadOnlySpan<byte> lines, int at, Watched watched, Sightings seen)
    {
        if (at >= watched.LookedUntil)
        {
            var start = lines[..at].LastIndexOf((byte)'\n') + 1;
            watched.LookedUntil = EndOf(lines, at);
            Look(watched, lines[start..watched.LookedUntil].TrimEnd("\r\n"u8), null, seen);
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

    Watched Of(Detection detection)
    {
        var filter = detection.Filter!; // of lines
        var matcher = filter.CreateMatcher();
        return new(detection, matcher, filter.Dimensions.Count == 0 ? null
            : new(filter.Dimensions.Count, () => _tooMany(detection)));
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
