using System.Globalization;
using Agent.Events;
using CloudWatch.Alarms;

namespace Agent.Detect;

/// <summary>One detection with what was observed, and the state of its alarm.</summary>
/// <remarks>The alarm is evaluated as the service does at the end of each period, and at once on a match where more
/// data could not undo the breach. It looks back as many periods as it has and no further, so that one burst is one
/// alarm and one OK. Periods that ended before their lines were read are looked at when they are: what breached in
/// them, and is not known yet, is told as late.</remarks>
sealed class Watched
{
    const int MostTransitions = 100;
    const int MostLateEnds = 500;

    readonly long _begins;
    readonly Points _points;
    readonly Bursts _bursts;
    readonly List<SeenLine> _lines;
    readonly List<AlarmTransition> _transitions;
    AlarmState _state;
    DateTimeOffset _since;
    long _evaluatedUntil; // the end of the window that the state is of
    bool _isAlarmTold;
    bool _isChanged;

    /// <param name="kept">As the run before left it; null at first.</param>
    /// <param name="points">Its own.</param>
    /// <param name="begins">When watching begins: what was before nobody saw.</param>
    public Watched(Detection detection, KeptAlarm? kept, IEnumerable<KeptPoint> points, DateTimeOffset begins)
    {
        Detection = detection;
        _begins = begins.ToUnixTimeSeconds();
        _points = new(detection.Name, RangeSeconds, detection.Alarm.Statistic.Percentile is not null);
        _state = kept is null ? AlarmState.Initial : new(kept.State, kept.Reason, kept.ReasonData);
        _since = kept?.Since ?? default;
        _evaluatedUntil = kept?.EvaluatedUntil ?? 0;
        _isAlarmTold = kept?.IsAlarmTold ?? false;
        _bursts = new(RangeSeconds, kept?.Bursts ?? []);
        var redaction = new Redaction(detection.Redacted);
        _lines = [.. (kept?.Lines ?? []).TakeLast(detection.MostLines).Select(redaction.Of)];
        _isChanged = kept is not null && !_lines.SequenceEqual(kept.Lines); // they are not to be kept any more
        _transitions = [.. kept?.Transitions ?? []];
        foreach (var point in points)
        {
            _points.Restore(point, _begins);
        }

        if (kept?.Counts is { } before && before != Counts)
        {
            _points.ForgetAll();
            _bursts = new(RangeSeconds, []);
            _lines.Clear();
            _isChanged = true;
        }
    }

    public Detection Detection { get; }

    public AlarmStatus Status => new(
        Detection.Name, Detection.Description, Detection.Source, Detection.Pattern, Trigger,
        AlarmState.Name(_state.Value), _state.Reason, _since, [.. _transitions]);

    AlarmTrigger Trigger => new(
        Alarm.Statistic.Name, Alarm.PeriodSeconds, Alarm.EvaluationPeriods, Alarm.DatapointsToAlarm,
        $"{Alarm.Comparison}", Alarm.Threshold, WatchRows.Name(Alarm.MissingData))
    {
        Metric = Detection.Published ?? Detection.PublishedElsewhere
    };

    AlarmConfiguration Alarm => Detection.Alarm;

    string Counts => $"{Detection.Source}\n{Detection.Pattern}\n{Detection.Filter?.Value}\n"
        + $"{Detection.Filter?.DefaultValue}";

    long RangeSeconds => (long)Alarm.PeriodSeconds * Alarm.EvaluationPeriods;

    /// <summary>When the next period ends.</summary>
    public static long NextEnd(AlarmConfiguration alarm, DateTimeOffset now) =>
        Floor(now, alarm) + alarm.EverySeconds;

    /// <summary>The statistic of the period that ended last.</summary>
    public double? ValueAt(DateTimeOffset now)
    {
        var end = Floor(now, Alarm);
        return Alarm.Statistic.Of(_points.Series.Between(end - Alarm.PeriodSeconds, end));
    }

    /// <summary>Takes observations in, none of them too old, raises the alarm at once where it would be raised in any
    /// case, and tells of what was missed.</summary>
    public void Take(
        IReadOnlyList<Sighting> sightings, IReadOnlyList<SeenLine> lines, DateTimeOffset now,
        List<AlarmNotice> noticed)
    {
        foreach (var sighting in sightings)
        {
            _points.Add(sighting, now.ToUnixTimeSeconds());
        }

        KeepLines(lines);
        RaiseIfNeeded(now, noticed);
        foreach (var end in LateEnds(sightings, now))
        {
            RaiseLate(end, now, noticed);
        }
    }

    /// <summary>Looks at the periods that have ended.</summary>
    public void Evaluate(DateTimeOffset now, List<AlarmNotice> noticed)
    {
        EvaluateAt(Floor(now, Alarm), now, noticed);
        _points.ForgetOld(now.ToUnixTimeSeconds());
    }

    /// <summary>What is to be kept since the last time.</summary>
    public IReadOnlyList<StateRow> TakeRows()
    {
        if (!_isChanged && !_points.HaveChanged)
        {
            return [];
        }

        var rows = _points.TakeRows();
        if (_isChanged)
        {
            rows.Add(WatchRows.Of(new KeptAlarm(
                Detection.Name, _state.Value, _state.Reason, _state.ReasonData, _since, _evaluatedUntil, _isAlarmTold,
                _bursts.All, _lines, _transitions)
            {
                Counts = Counts
            }));
        }

        _isChanged = false;
        return rows;
    }

    // By the period that ended last, whose lines may have come just after it; then by the one that has not ended.
    void RaiseIfNeeded(DateTimeOffset now, List<AlarmNotice> noticed)
    {
        var end = Floor(now, Alarm);
        if (_state.Value != AlarmValue.Alarm && Judged(end) == AlarmValue.Alarm)
        {
            EvaluateAt(end, now, noticed);
        }

        end = NextEnd(Alarm, now);
        var isFinal = Alarm.BreachIsFinal(Detection.IsNeverNegative);
        if (_state.Value != AlarmValue.Alarm && isFinal && Judged(end) == AlarmValue.Alarm)
        {
            EvaluateAt(end, now, noticed);
        }
    }

    // Those before the last in which something was observed now.
    IEnumerable<long> LateEnds(IReadOnlyList<Sighting> sightings, DateTimeOffset now)
    {
        var (ends, last, every) = (new SortedSet<long>(), Floor(now, Alarm), Alarm.EverySeconds);
        foreach (var minute in sightings.Select(one => one.Minute).Distinct())
        {
            for (var end = minute - (minute % every) + every; end < last && end - minute <= RangeSeconds; end += every)
            {
                ends.Add(end);
            }
        }

        return ends.TakeLast(MostLateEnds);
    }

    void RaiseLate(long end, DateTimeOffset now, List<AlarmNotice> noticed)
    {
        var window = WindowAt(end);
        if (AlarmEvaluation.Judge(Alarm, AlarmValue.Ok, window) != AlarmValue.Alarm)
        {
            return;
        }

        var raised = AlarmEvaluation.Evaluate(Alarm, AlarmState.Initial with { Value = AlarmValue.Ok }, window, now);

        _isChanged = true;
        if (_bursts.Add(end))
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(end - Alarm.EverySeconds);
            Note(AlarmValue.Ok, raised, now, at);
            if (Detection.NotifiesOf.Contains(AlarmValue.Alarm))
            {
                noticed.Add(NoticeOf(AlarmValue.Ok, raised, now, at, window));
            }
        }
    }

    // A window that ends before the one that the state is of says nothing about it; unless the clock was put back.
    void EvaluateAt(long end, DateTimeOffset now, List<AlarmNotice> noticed)
    {
        if (end < _evaluatedUntil && _evaluatedUntil <= NextEnd(Alarm, now))
        {
            return;
        }

        var (old, next) = (_state.Value, AlarmEvaluation.Evaluate(Alarm, _state, WindowAt(end), now));
        if (next.Value == AlarmValue.Alarm && MayBeUnseen(end))
        {
            return;
        }

        _evaluatedUntil = end;
        if (next.Value == AlarmValue.Alarm)
        {
            _bursts.Add(end);
            _isChanged = true;
        }

        if (next.Value != old)
        {
            (_state, _since, _isChanged) = (next, now, true);
            Note(old, next, now, lateFor: null);
            Tell(old, next, WindowAt(end), now, noticed);
        }
    }

    // Where silence is what alarms, it must have been listened to.
    bool MayBeUnseen(long end) =>
        Alarm.MissingData == MissingData.Breaching && end - RangeSeconds < _begins
        && WindowAt(end).Datapoints.Count < Alarm.EvaluationPeriods;

    void Tell(AlarmValue old, AlarmState next, AlarmWindow window, DateTimeOffset now, List<AlarmNotice> noticed)
    {
        // That nothing is wrong is news only after something was.
        var isNews = next.Value != AlarmValue.Ok || _isAlarmTold || old == AlarmValue.Alarm;
        if (isNews && Detection.NotifiesOf.Contains(next.Value))
        {
            noticed.Add(NoticeOf(old, next, now, lateFor: null, window));
        }

        _isAlarmTold = next.Value == AlarmValue.Alarm || (_isAlarmTold && next.Value != AlarmValue.Ok);
    }

    AlarmValue Judged(long end) => AlarmEvaluation.Judge(Alarm, _state.Value, WindowAt(end));

    AlarmWindow WindowAt(long end) => AlarmWindow.Of(_points.Series, Alarm, end, Alarm.EvaluationPeriods);

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
            Detection.Name, Detection.Description, Detection.Source, Detection.Pattern,
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
