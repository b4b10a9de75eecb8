using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Agent.Events;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>What is to be published of metrics, on disk until it is. Observations of a minute are put together until
/// somebody takes them; those that come later are published beside them, and the service adds them up.</summary>
sealed class Outbox
{
    /// <summary>What the keys of its rows begin with.</summary>
    public const string Prefix = "datum/";

    /// <summary>So many wait at most: a week of one metric. Then the oldest are given up.</summary>
    public const int Most = 10_000;

    readonly SortedDictionary<long, Datum> _waiting = [];
    readonly Dictionary<string, long> _open = new(StringComparer.Ordinal); // what may be added to
    readonly HashSet<long> _changed = [];
    (MetricIdentity? Metric, long Minute, string Key) _last = (null, 0, "");
    int _givenUp;
    long _lastId;

    /// <param name="rows">Its own, as the run before left them.</param>
    /// <param name="useless">Those that cannot be read, to be forgotten.</param>
    public Outbox(IEnumerable<StateRow> rows, out List<StateRow> useless)
    {
        useless = [];
        foreach (var row in rows)
        {
            if (long.TryParse(row.Key.AsSpan(Prefix.Length), CultureInfo.InvariantCulture, out var id)
                && TryRead(row) is { } datum)
            {
                _waiting.Add(id, datum);
                _lastId = Math.Max(_lastId, id);
            }
            else
            {
                useless.Add(row with { Value = null });
            }
        }
    }

    public int Count => _waiting.Count;

    public void Add(MetricIdentity metric, long minute, double value, double count = 1)
    {
        // Most come one after the other.
        if (_last.Minute != minute || !ReferenceEquals(_last.Metric, metric))
        {
            _last = (metric, minute, string.Create(CultureInfo.InvariantCulture, $"{minute}\n{KeyOf(metric)}"));
        }

        var key = _last.Key;
        if (!_open.TryGetValue(key, out var id))
        {
            id = ++_lastId;
            _open.Add(key, id);
            _waiting.Add(id, new(metric, minute, new StatisticSet(keepsValues: true)));
            GiveUpBeyond(Most);
        }

        _waiting[id].Observed.Add(value, count);
        _changed.Add(id);
    }

    /// <summary>What waits of minutes that have ended, oldest first. Nothing is added to it any more.</summary>
    /// <param name="before">The beginning of the minute that has not.</param>
    public IReadOnlyList<(long Id, Datum Datum)> Take(long before)
    {
        var taken = _waiting.Where(one => one.Value.Minute < before).Select(one => (one.Key, one.Value)).ToList();
        foreach (var (key, _) in _open.Where(one => _waiting[one.Value].Minute < before).ToList())
        {
            _open.Remove(key);
        }

        return taken;
    }

    /// <summary>Gives up what is of minutes before a time.</summary>
    /// <returns>How many.</returns>
    public int ForgetBefore(long unixSeconds)
    {
        var old = _waiting.Where(one => one.Value.Minute < unixSeconds).Select(one => one.Key).ToList();
        GiveUp(old);
        return old.Count;
    }

    /// <summary>How many were given up since this was asked last, because more than <see cref="Most"/> waited.
    /// </summary>
    public int TakeGivenUp()
    {
        var givenUp = _givenUp;
        _givenUp = 0;
        return givenUp;
    }

    /// <summary>Gives up what is of other namespaces than these: nobody wants it any more, and perhaps nobody may
    /// publish it.</summary>
    /// <returns>How many.</returns>
    public int KeepOnly(IReadOnlyCollection<string> namespaces)
    {
        var others = _waiting.Where(one => !namespaces.Contains(one.Value.Metric.Namespace)).Select(one => one.Key)
            .ToList();
        GiveUp(others);
        return others.Count;
    }

    /// <summary>They are published, or never will be.</summary>
    public void Forget(IEnumerable<long> ids)
    {
        foreach (var id in ids)
        {
            _waiting.Remove(id);
            _changed.Add(id);
        }
    }

    /// <summary>What is to be kept since the last time.</summary>
    public IReadOnlyList<StateRow> TakeRows()
    {
        StateRow[] rows = [.. _changed.Select(id => new StateRow(
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id}"),
            _waiting.TryGetValue(id, out var datum) ? Written(datum) : null))];
        _changed.Clear();
        return rows;
    }

    void GiveUpBeyond(int most)
    {
        if (_waiting.Count > most)
        {
            _givenUp += _waiting.Count - most;
            GiveUp([.. _waiting.Keys.Take(_waiting.Count - most)]);
        }
    }

    void GiveUp(IReadOnlyCollection<long> ids)
    {
        Forget(ids);
        foreach (var (key, _) in _open.Where(one => ids.Contains(one.Value)).ToList())
        {
            _open.Remove(key);
        }
    }

    static string KeyOf(MetricIdentity metric) => string.Join(
        '\n',
        metric.Dimensions.Select(one => $"{one.Key}\t{one.Value}")
            .Prepend($"{metric.Namespace}\t{metric.Name}\t{metric.Unit}"));

    static byte[] Written(Datum datum) => JsonSerializer.SerializeToUtf8Bytes(
        new KeptDatum(datum.Metric, datum.Minute, Figures.Of(datum.Observed)), OutboxJson.Default.KeptDatum);

    static Datum? TryRead(StateRow row)
    {
        try
        {
            var kept = JsonSerializer.Deserialize(row.Value, OutboxJson.Default.KeptDatum);
            return kept is { Metric: { Namespace: not null, Name: not null, Dimensions: not null }, Figures: not null }
                ? new(kept.Metric, kept.Minute, Figures.Read(kept.Figures))
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            return null;
        }
    }
}

/// <summary>What is kept of a datum.</summary>
sealed record KeptDatum(MetricIdentity Metric, long Minute, string Figures);

[JsonSerializable(typeof(KeptDatum))]
sealed partial class OutboxJson : JsonSerializerContext;
