using Agent.Events;
using CloudWatch;

namespace Agent.Detect;

/// <summary>The detections of this host: what was observed, the state of each alarm, and the notices that are to go
/// out. Whatever changes is handed over to be kept in one piece with how far was read, so that a line counts once,
/// whatever happens. Any thread may call.</summary>
sealed class Watch
{
    readonly Lock _lock = new();
    readonly TimeProvider _time;
    readonly Dictionary<Detection, Watched> _watched = new(ReferenceEqualityComparer.Instance);
    readonly Notices _notices = new();
    readonly Outbox _outbox;

    /// <param name="channels">Who can be told. Notices for others are forgotten.</param>
    /// <param name="namespaces">In which something is published; of others nothing is, though it waits.</param>
    /// <param name="rows">What was kept by the run before.</param>
    /// <param name="changed">What of it is of no use any more, or is kept otherwise.</param>
    public Watch(
        IReadOnlyList<Detection> detections, IReadOnlyList<string> channels, IReadOnlyCollection<string> namespaces,
        IReadOnlyList<StateRow> rows, TimeProvider time, out IReadOnlyList<StateRow> changed)
    {
        _time = time;
        var kept = rows.ToLookup(row => row.Key.StartsWith(Outbox.Prefix, StringComparison.Ordinal));
        _outbox = new(kept[true], out var useless);
        Unwanted = _outbox.KeepOnly(namespaces);
        useless.AddRange(_outbox.TakeRows());
        var known = WatchRows.Read(kept[false], useless);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var points = known.Points.ToLookup(point => point.Alarm, StringComparer.Ordinal);
        foreach (var detection in detections)
        {
            names.Add(detection.Name);
            var alarm = known.Alarms.GetValueOrDefault(detection.Name);
            _watched.Add(detection, new(detection, alarm, points[detection.Name], time.GetUtcNow()));
        }

        useless.AddRange(_notices.Restore(known.Notices, channels, detections));
        useless.AddRange(kept[false].Where(row => WatchRows.AlarmOf(row.Key) is { } name && !names.Contains(name))
            .Select(row => row with { Value = null }));
        changed = useless;
    }

    /// <summary>How much of what waited to be published was given up at the start, since its namespace is none of
    /// those.</summary>
    public int Unwanted { get; }

    /// <summary>Told of a notice that is to go out, in their order; it is on its way to the disk then.</summary>
    public Action<AlarmNotice>? Noticed { get; set; }

    /// <summary>Notices that somebody is still to be told of, oldest first.</summary>
    public IReadOnlyList<AlarmNotice> Notices
    {
        get
        {
            lock (_lock)
            {
                return _notices.All;
            }
        }
    }

    /// <summary>How the alarms stand.</summary>
    public IReadOnlyList<AlarmStatus> Alarms
    {
        get
        {
            lock (_lock)
            {
                return [.. _watched.Values.Select(one => one.Status)];
            }
        }
    }

    /// <summary>What the statistic of each alarm is in the period that ended last; null where it has no data.</summary>
    public IReadOnlyList<(Detection Detection, double? Value, string State)> Datapoints
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _watched.Values.Select(one =>
                        (one.Detection, one.ValueAt(_time.GetUtcNow()), one.Status.State))
                ];
            }
        }
    }

    /// <summary>How long until <see cref="Evaluate"/> is to be called: each minute, or less for shorter periods.
    /// </summary>
    public TimeSpan UntilNext
    {
        get
        {
            var now = _time.GetUtcNow();
            var minute = (now.ToUnixTimeSeconds() / 60 * 60) + 60;
            var next = _watched.Keys.Select(one => Watched.NextEnd(one.Alarm, now)).Append(minute).Min();
            return DateTimeOffset.FromUnixTimeSeconds(next) - now;
        }
    }

    /// <summary>Puts what was observed to the account of its detections.</summary>
    /// <param name="record">Keeps the rows together with how far was read.</param>
    public void Take(Sightings seen, Action<IReadOnlyList<StateRow>> record)
    {
        var all = seen.All.ToList(); // the lines' texts are made here, while nobody waits
        Change(record, noticed =>
        {
            foreach (var (detection, observed, lines) in all)
            {
                Take(detection, observed, lines, noticed);
            }
        });
    }

    /// <summary>Puts what was measured of the host to the account of its detections.</summary>
    /// <param name="published">What of it is published, whatever is watched.</param>
    public void Take(
        IReadOnlyList<Measurement> measured, IReadOnlyList<(MetricIdentity Metric, Measurement Measured)> published,
        Action<IReadOnlyList<StateRow>> record) => Change(record, noticed =>
    {
        var byMetric = measured.ToLookup(one => one.Name, one => new Sighting(one.Minute, one.Value, 1));
        foreach (var detection in _watched.Keys.Where(one => one.Measured is { } name && byMetric.Contains(name)))
        {
            Take(detection, [.. byMetric[detection.Measured!]], [], noticed);
        }

        foreach (var (metric, one) in published)
        {
            _outbox.Add(metric, one.Minute, one.Value);
        }
    });

    /// <summary>Looks at what the time that passed made of the alarms.</summary>
    public void Evaluate(Action<IReadOnlyList<StateRow>> record) => Change(record, noticed =>
    {
        foreach (var watched in _watched.Values)
        {
            watched.Evaluate(_time.GetUtcNow(), noticed);
        }
    });

    /// <summary>What is to be published of minutes that have ended, oldest first; it is kept until
    /// <see cref="NotePublished"/>.</summary>
    public IReadOnlyList<(long Id, Datum Datum)> TakeToPublish()
    {
        lock (_lock)
        {
            return _outbox.Take(_time.GetUtcNow().ToUnixTimeSeconds() / 60 * 60);
        }
    }

    /// <summary>How much is to be published.</summary>
    public int ToPublish
    {
        get
        {
            lock (_lock)
            {
                return _outbox.Count;
            }
        }
    }

    /// <summary>Gives up what the service would not take any more.</summary>
    /// <returns>How much was given up since this was asked last: because too much waited, and because it was too old.
    /// </returns>
    public (int TooMany, int TooOld) GiveUpToPublish()
    {
        lock (_lock)
        {
            var oldest = _time.GetUtcNow() - Limits.OldestObservation + TimeSpan.FromMinutes(1);
            return (_outbox.TakeGivenUp(), _outbox.ForgetBefore(oldest.ToUnixTimeSeconds()));
        }
    }

    /// <summary>It is published, or never will be.</summary>
    public void NotePublished(IEnumerable<long> ids, Action<IReadOnlyList<StateRow>> record) =>
        Change(record, _ => _outbox.Forget(ids));

    /// <summary>Somebody was told.</summary>
    public void NoteTold(IReadOnlyList<AlarmNotice> told, string channel, Action<IReadOnlyList<StateRow>> record)
    {
        lock (_lock)
        {
            record(_notices.NoteTold(told, channel));
        }
    }

    // What changed is handed over in one piece, and only then told.
    void Change(Action<IReadOnlyList<StateRow>> record, Action<List<AlarmNotice>> change)
    {
        var noticed = new List<AlarmNotice>();
        lock (_lock)
        {
            change(noticed);
            record(
            [
                .. _watched.Values.SelectMany(one => one.TakeRows()), .. _outbox.TakeRows(), .. _notices.Add(noticed)
            ]);
            foreach (var notice in noticed)
            {
                Noticed?.Invoke(notice);
            }
        }
    }

    void Take(
        Detection detection, IReadOnlyList<Sighting> observed, IReadOnlyList<SeenLine> lines,
        List<AlarmNotice> noticed)
    {
        if (!_watched.TryGetValue(detection, out var watched))
        {
            return;
        }

        // What is older the service would not take for a metric either.
        var now = _time.GetUtcNow();
        var oldest = (now - Limits.OldestObservation).ToUnixTimeSeconds();
        var recent = observed.Where(one => one.Minute > oldest).ToList();
        watched.Take(recent, lines, now, noticed);
        foreach (var one in detection.Published is null ? [] : recent)
        {
            if (detection.Filter is { Dimensions.Count: > 0 } && one.Dimensions is null)
            {
                continue; // too many to be published
            }

            _outbox.Add(MetricOf(detection, one.Dimensions), one.Minute, one.Value, one.Count);
        }
    }

    static MetricIdentity MetricOf(Detection detection, string[]? values) => values is null ? detection.Published!
        : detection.Published! with
        {
            Dimensions =
            [
                .. detection.Filter!.Dimensions.Zip(values)
                    .Select(pair => KeyValuePair.Create(pair.First.Name, pair.Second))
            ]
        };
}
