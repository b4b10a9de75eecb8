using Agent.Events;

namespace Agent.Detect;

/// <summary>The detections of this host: what was observed, the state of each alarm, and the notices that are to go
/// out. Whatever changes is handed over to be kept in one piece with how far was read, so that a line counts once,
/// whatever happens. Any thread may call.</summary>
sealed class Watch
{
    /// <summary>Whoever could not be told of more is told of these, and finds the others in the history.</summary>
    public const int MostNotices = 500;

    readonly Lock _lock = new();
    readonly TimeProvider _time;
    readonly Dictionary<Detection, Watched> _watched = new(ReferenceEqualityComparer.Instance);
    readonly List<AlarmNotice> _notices = [];

    /// <param name="channels">Who can be told. Notices for others are forgotten.</param>
    /// <param name="rows">What was kept by the run before.</param>
    /// <param name="forgotten">Rows that are of no use any more.</param>
    public Watch(
        IReadOnlyList<Detection> detections, IReadOnlyList<string> channels, IReadOnlyList<StateRow> rows,
        TimeProvider time, out IReadOnlyList<StateRow> forgotten)
    {
        _time = time;
        var known = WatchRows.Read(rows, out var useless);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var points = known.Points.ToLookup(point => point.Alarm, StringComparer.Ordinal);
        foreach (var detection in detections)
        {
            names.Add(detection.Name);
            var alarm = known.Alarms.GetValueOrDefault(detection.Name);
            _watched.Add(detection, new(detection, alarm, points[detection.Name], time.GetUtcNow()));
        }

        foreach (var notice in known.Notices)
        {
            var left = notice with { Channels = [.. notice.Channels.Where(channels.Contains)] };
            if (left.Channels.Count > 0)
            {
                _notices.Add(left);
            }
            else
            {
                useless.Add(WatchRows.Gone(notice));
            }
        }

        useless.AddRange(rows.Where(row => WatchRows.AlarmOf(row.Key) is { } name && !names.Contains(name))
            .Select(row => row with { Value = null }));
        forgotten = useless;
    }

    /// <summary>Told of a notice that is to go out, in their order; it is on its way to the disk then.</summary>
    public Action<AlarmNotice>? Noticed { get; set; }

    /// <summary>Notices that somebody is still to be told of, oldest first.</summary>
    public IReadOnlyList<AlarmNotice> Notices
    {
        get
        {
            lock (_lock)
            {
                return [.. _notices];
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

    /// <summary>How long until <see cref="Evaluate"/> is to be called.</summary>
    public TimeSpan UntilNext
    {
        get
        {
            var now = _time.GetUtcNow();
            var next = _watched.Keys.Select(one => Watched.NextEnd(one.Alarm, now)).DefaultIfEmpty(long.MaxValue / 2000)
                .Min();
            var left = DateTimeOffset.FromUnixTimeSeconds(next) - now;
            return left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1);
        }
    }

    /// <summary>Puts what was observed to the account of its detections.</summary>
    /// <param name="record">Keeps the rows together with how far was read.</param>
    public void Take(Sightings seen, Action<IReadOnlyList<StateRow>> record)
    {
        var noticed = new List<AlarmNotice>();
        lock (_lock)
        {
            var rows = new List<StateRow>();
            foreach (var (detection, observed, lines) in seen.All)
            {
                if (_watched.TryGetValue(detection, out var watched))
                {
                    watched.Take(observed, lines, _time.GetUtcNow(), noticed);
                    rows.AddRange(watched.TakeRows());
                }
            }

            Keep(noticed, rows);
            record(rows);
            Announce(noticed);
        }
    }

    /// <summary>Looks at what the time that passed made of the alarms.</summary>
    public void Evaluate(Action<IReadOnlyList<StateRow>> record)
    {
        var noticed = new List<AlarmNotice>();
        lock (_lock)
        {
            var rows = new List<StateRow>();
            foreach (var watched in _watched.Values)
            {
                watched.Evaluate(_time.GetUtcNow(), noticed);
                rows.AddRange(watched.TakeRows());
            }

            Keep(noticed, rows);
            if (rows.Count > 0)
            {
                record(rows);
            }

            Announce(noticed);
        }
    }

    /// <summary>Somebody was told.</summary>
    public void NoteTold(IReadOnlyList<AlarmNotice> told, string channel, Action<IReadOnlyList<StateRow>> record)
    {
        lock (_lock)
        {
            var rows = new List<StateRow>();
            foreach (var notice in told)
            {
                var at = _notices.FindIndex(one => one.Id == notice.Id);
                if (at < 0)
                {
                    continue;
                }

                var left = _notices[at] with { Channels = [.. _notices[at].Channels.Where(one => one != channel)] };
                if (left.Channels.Count == 0)
                {
                    _notices.RemoveAt(at);
                }
                else
                {
                    _notices[at] = left;
                }

                rows.Add(left.Channels.Count == 0 ? WatchRows.Gone(left) : WatchRows.Of(left));
            }

            record(rows);
        }
    }

    void Keep(List<AlarmNotice> noticed, List<StateRow> rows)
    {
        _notices.AddRange(noticed.Where(notice => notice.Channels.Count > 0));
        rows.AddRange(noticed.Where(notice => notice.Channels.Count > 0).Select(WatchRows.Of));
        if (_notices.Count > MostNotices)
        {
            rows.AddRange(_notices.Take(_notices.Count - MostNotices).Select(WatchRows.Gone));
            _notices.RemoveRange(0, _notices.Count - MostNotices);
        }
    }

    void Announce(List<AlarmNotice> noticed)
    {
        foreach (var notice in noticed)
        {
            Noticed?.Invoke(notice);
        }
    }
}
