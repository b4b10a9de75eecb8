using System.Globalization;
using Agent.Events;
using CloudWatch.Alarms;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>One detection with what was observed, and the state of its alarm.</summary>
/// <remarks>The alarm is evaluated as the service does at the end of each period, and at once on a match where more
/// data could not undo the breach. It looks back as many periods as it has and no further, so that one burst is one
/// alarm and one OK.</remarks>
sealed class Watched
{
    const int MostTransitions = 100;

    // Observations are asked for no longer than events are taken by the service.
    const long LongestKeptSeconds = 15 * 86_400;

    readonly MetricSeries _series;
    readonly HashSet<long> _changed = [];
    readonly List<long> _forgotten = [];
    readonly List<SeenLine> _lines;
    readonly List<AlarmTransition> _transitions;
    AlarmState _state;
    DateTimeOffset _since;
    long _lateUntil; // a breach before was told late
    bool _isChanged;

    /// <param name="kept">As the run before left it; null at first.</param>
    /// <param name="points">Of all detections.</param>
    public Watched(Detection detection, KeptAlarm? kept, IReadOnlyList<KeptPoint> points)
    {
        Detection = detection;
        _series = new(keepsValues: detection.Alarm.Statistic.Percentile is not null);
        _state = kept is null ? AlarmState.Initial : new(kept.State, kept.Reason, kept.ReasonData);
        _since = kept?.Since ?? default;
        _lateUntil = kept?.LateUntil ?? 0;
        _lines = [.. kept?.Lines ?? []];
        _transitions = [.. kept?.Transitions ?? []];
        foreach (var point in points.Where(point => point.Alarm == detection.Name))
        {
            _series.Add(point.Minute, point.Set);
        }
    }

    public Detection Detection { get; }

    public AlarmStatus Status => new(
        Detection.Name, Detection.Description, Detection.Source, Detection.Filter.Pattern.Text, Trigger,
        AlarmState.Name(_state.Value), _state.Reason, _since, [.. _transitions]);

    AlarmTrigger Trigger => new(
        Alarm.Statistic.Name, Alarm.PeriodSeconds, Alarm.EvaluationPeriods, Alarm.DatapointsToAlarm,
        $"{Alarm.Comparison}", Alarm.Threshold, WatchRows.Name(Alarm.MissingData));

    AlarmConfiguration Alarm => Detection.Alarm;

    long RangeSeconds => (long)Alarm.PeriodSeconds * Alarm.EvaluationPeriods;

    /// <summary>When the next period ends.</summary>
    public static long NextEnd(AlarmConfiguration alarm, DateTimeOffset now) =>
        Floor(now, alarm) + alarm.EverySeconds;

    /// <summary>Takes observations in, and raises the alarm at once where it would be raised in any case.</summary>
    public void Take(
        IReadOnlyList<Sighting> sightings, IReadOnlyList<SeenLine> lines, DateTimeOffset now,
        List<AlarmNotice> noticed)
    {
        foreach (var sighting in sightings)
        {
            _series.Add(sighting.Minute, sighting.Value, sighting.Count);
            _changed.Add(sighting.Minute);
        }

        KeepLines(lines);
        if (!Alarm.BreachIsFinal(Detection.Filter.IsNeverNegative))
        {
            return;
        }

        foreach (var minute in sightings.Select(one => one.Minute).Distinct().Where(one => IsLate(one, now)).Order())
        {
            RaiseLate(minute, now, noticed);
        }

        if (_state.Value != AlarmValue.Alarm)
        {
            var next = EvaluateAt(NextEnd(Alarm, now), now);
            if (next.Value == AlarmValue.Alarm)
            {
                Go(next, now, noticed);
            }
        }
    }

    /// <summary>Looks at the periods that have ended.</summary>
    public void Evaluate(DateTimeOffset now, List<AlarmNotice> noticed)
    {
        Go(EvaluateAt(Floor(now, Alarm), now), now, noticed);
        var oldest = Math.Min(
            now.ToUnixTimeSeconds() - LongestKeptSeconds, Floor(now, Alarm) - RangeSeconds);
        _forgotten.AddRange(_series.Slots.TakeWhile(slot => slot.Start < oldest).Select(slot => slot.Start));
        _series.ForgetBefore(oldest);
    }

    /// <summary>What is to be kept since the last time.</summary>
    public IReadOnlyList<StateRow> TakeRows()
    {
        var rows = new List<StateRow>();
        foreach (var (start, set) in _series.Slots.Where(slot => _changed.Contains(slot.Start)))
        {
            rows.Add(WatchRows.Of(new KeptPoint(Detection.Name, start, set)));
        }

        rows.AddRange(_forgotten.Select(start => WatchRows.Gone(Detection.Name, start)));
        if (_isChanged)
        {
            rows.Add(WatchRows.Of(new KeptAlarm(
                Detection.Name, _state.Value, _state.Reason, _state.ReasonData, _since, _lateUntil, _lines,
                _transitions)));
        }

        _changed.Clear();
        _forgotten.Clear();
        _isChanged = false;
        return rows;
    }

    // Nothing that is evaluated from now on looks at it.
    bool IsLate(long minute, DateTimeOffset now) => minute < NextEnd(Alarm, now) - RangeSeconds;

    // A burst that was written while nobody read is told once, with the time it was.
    void RaiseLate(long minute, DateTimeOffset now, List<AlarmNotice> noticed)
    {
        var end = minute + Alarm.EverySeconds;
        var window = AlarmWindow.Of(_series, Alarm, end, Alarm.EvaluationPeriods);
        var raised = AlarmEvaluation.Evaluate(
            Alarm, AlarmState.Initial with { Value = AlarmValue.Ok }, window, now);
        if (minute < _lateUntil || raised.Value != AlarmValue.Alarm)
        {
            return;
        }

        _lateUntil = minute + RangeSeconds;
        _isChanged = true;
        var at = DateTimeOffset.FromUnixTimeSeconds(minute);
        Note(AlarmValue.Ok, raised, now, at);
        if (Detection.NotifiesOf.Contains(AlarmValue.Alarm))
        {
            noticed.Add(NoticeOf(AlarmValue.Ok, raised, now, at, window));
        }
    }

    AlarmState EvaluateAt(long end, DateTimeOffset now) => AlarmEvaluation.Evaluate(
        Alarm, _state, AlarmWindow.Of(_series, Alarm, end, Alarm.EvaluationPeriods), now);

    void Go(AlarmState next, DateTimeOffset now, List<AlarmNotice> noticed)
    {
        if (next.Value == _state.Value)
        {
            return;
        }

        var old = _state.Value;
        (_state, _since, _isChanged) = (next, now, true);
        Note(old, next, now, lateFor: null);

        // That nothing is wrong is news only after something was.
        var isNews = next.Value != AlarmValue.Ok || old == AlarmValue.Alarm;
        if (isNews && Detection.NotifiesOf.Contains(next.Value))
        {
            noticed.Add(NoticeOf(
                old, next, now, lateFor: null,
                AlarmWindow.Of(_series, Alarm, NextEnd(Alarm, now), Alarm.EvaluationPeriods)));
        }
    }

    void Note(AlarmValue old, AlarmState next, DateTimeOffset now, DateTimeOffset? lateFor)
    {
        _transitions.Add(new(now, AlarmState.Name(old), AlarmState.Name(next.Value), next.Reason, lateFor));
        if (_transitions.Count > MostTransitions)
        {
            _transitions.RemoveAt(0);
        }
    }

    AlarmNotice NoticeOf(
        AlarmValue old, AlarmState next, DateTimeOffset now, DateTimeOffset? lateFor, AlarmWindow window)
    {
        var from = window.EndUnixSeconds - RangeSeconds;
        var caused = next.Value != AlarmValue.Alarm ? []
            : _lines.Where(line => line.At.ToUnixTimeSeconds() >= from
                && line.At.ToUnixTimeSeconds() < window.EndUnixSeconds);
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{now.ToUnixTimeMilliseconds():x12}-{Detection.Name}-{AlarmState.Name(next.Value)}"
                + $"{(lateFor is { } late ? $"-{late.ToUnixTimeSeconds():x}" : "")}"),
            Detection.Name, Detection.Description, Detection.Source, Detection.Filter.Pattern.Text,
            AlarmState.Name(old), AlarmState.Name(next.Value), next.Reason, next.ReasonData, now, lateFor,
            Trigger, [.. caused], Detection.Channels);
    }

    void KeepLines(IReadOnlyList<SeenLine> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        _lines.AddRange(lines);
        _lines.RemoveRange(0, Math.Max(0, _lines.Count - Detection.MostLines));
        _isChanged = true;
    }

    static long Floor(DateTimeOffset now, AlarmConfiguration alarm) =>
        now.ToUnixTimeSeconds() - (now.ToUnixTimeSeconds() % alarm.EverySeconds);
}
