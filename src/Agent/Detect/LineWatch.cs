using System.Text.Unicode;
using Agent.Events;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>Holds lines against detections. Most lines are none that anybody watches for: so what every match has in it
/// is searched in many lines at once, and only the lines that have it are looked at.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class LineWatch
{
    readonly TimeProvider _time;
    readonly EventTimes _times;
    readonly Action<Detection> _tooMany;
    readonly Watched[] _all;
    readonly Watched[] _searched;
    readonly Watched[] _looked; // at every line
    readonly NeedleSearch? _search;
    readonly Watched[] _owners; // by the needle
    DateTimeOffset _now;
    StampForm? _form; // of the lines that are searched

    // Where the line is in which something was found last.
    int _lineStart;
    int _lineEnd;

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
        _times = new(zone);
        _all = [.. detections.Select(Of)];
        _searched = [.. _all.Where(one => one.Matcher.Needles.Count > 0)];
        _looked = [.. _all.Except(_searched)];
        _owners = [.. _searched.SelectMany(one => one.Matcher.Needles.Select(_ => one))];
        _search = _searched.Length == 0 ? null : new([.. _searched.SelectMany(one => one.Matcher.Needles)]);
    }

    /// <summary>Whether no line is looked at but those that something is found in.</summary>
    public bool OnlySearches => _looked.Length == 0 && _search is not null;

    /// <summary>Looks at one event.</summary>
    /// <param name="stampMilliseconds">When it was written, where that is known; null reads it from the text.</param>
    /// <param name="seen">Takes what is observed.</param>
    public void Look(ReadOnlySpan<byte> text, long? stampMilliseconds, Sightings seen)
    {
        _now = _time.GetUtcNow();
        foreach (var watched in _all)
        {
            Look(watched, text, stampMilliseconds, seen);
        }
    }

    /// <summary>Looks at whole lines, each of which is an event, where it <see cref="OnlySearches"/>. What stands in a
    /// line only once a run of NULs is taken out of it is not found.</summary>
    /// <param name="lines">Of any bytes.</param>
    /// <returns>How far it came: to their end, or to a line that may be watched for and would not be sent as it stands.
    /// </returns>
    public int LookAtUnchecked(ReadOnlySpan<byte> lines, Sightings seen) =>
        Search(lines, areClean: false, form: null, seen);

    /// <summary>Looks at whole lines, each of which is an event.</summary>
    /// <param name="lines">Valid UTF-8 without NULs.</param>
    /// <param name="form">Of the timestamps that all of them begin with, where that is known.</param>
    public void LookAtLines(ReadOnlySpan<byte> lines, StampForm? form, Sightings seen)
    {
        if (_search is not null)
        {
            Search(lines, areClean: true, form, seen);
        }

        _now = _time.GetUtcNow();
        for (var at = 0; _looked.Length > 0 && at < lines.Length;)
        {
            var line = lines[at..EndOf(lines, at)];
            var text = WithoutEnd(line);
            at += line.Length;
            foreach (var watched in text.IsEmpty ? [] : _looked)
            {
                Look(watched, text, form?.StampOf(line), seen);
            }
        }
    }

    int Search(ReadOnlySpan<byte> lines, bool areClean, StampForm? form, Sightings seen)
    {
        (_now, _form) = (_time.GetUtcNow(), form);
        (_lineStart, _lineEnd) = (0, 0);
        foreach (var watched in _searched)
        {
            watched.LookedUntil = 0;
        }

        var isAll = _search!.Search(lines, (Watch: this, areClean, seen), static (lines, at, number, state) =>
            state.Watch.LookAround(lines, at, state.Watch._owners[number], state.areClean, state.seen));
        return isAll ? lines.Length : _lineStart;
    }

    // One line may have several of what is searched for.
    bool LookAround(ReadOnlySpan<byte> lines, int at, Watched watched, bool areClean, Sightings seen)
    {
        if (at >= _lineEnd)
        {
            _lineStart = _lineEnd + lines[_lineEnd..at].LastIndexOf((byte)'\n') + 1;
            _lineEnd = EndOf(lines, at);
            if (!areClean && !IsClean(lines[_lineStart.._lineEnd]))
            {
                return false;
            }
        }

        if (at >= watched.LookedUntil)
        {
            watched.LookedUntil = _lineEnd;
            var line = lines[_lineStart.._lineEnd];
            Look(watched, WithoutEnd(line), _form?.StampOf(line), seen);
        }

        return true;
    }

    void Look(Watched watched, ReadOnlySpan<byte> text, long? stampMilliseconds, Sightings seen)
    {
        if (watched.Matcher.TryObserve(text, out var value, out var isMatch))
        {
            seen.Add(
                watched.Detection, TimeOf(text, stampMilliseconds), value, isMatch ? text : default,
                watched.Dimensions?.Of(watched.Matcher, text, _now));
        }
    }

    Watched Of(Detection detection)
    {
        var filter = detection.Filter!; // of lines
        var matcher = filter.CreateMatcher();
        return new(detection, matcher, filter.Dimensions.Count == 0 ? null
            : new(filter.Dimensions.Count, () => _tooMany(detection)));
    }

    static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> line)
    {
        line = line is [.., (byte)'\n'] ? line[..^1] : line;
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    static int EndOf(ReadOnlySpan<byte> lines, int at) =>
        lines[at..].IndexOf((byte)'\n') is >= 0 and var length ? at + length + 1 : lines.Length;

    static bool IsClean(ReadOnlySpan<byte> line) => Utf8.IsValid(line) && !line.Contains((byte)0);

    long TimeOf(ReadOnlySpan<byte> text, long? stampMilliseconds)
    {
        var now = _now.ToUnixTimeSeconds();
        return Math.Min(stampMilliseconds / 1000 ?? _times.Of(text, _now) ?? now, now);
    }
}
