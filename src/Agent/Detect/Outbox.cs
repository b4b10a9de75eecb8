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

    /// <summary>How many were given up since the start.</summary>
    public long GivenUp { get; private set; }

    public void Add(MetricIdentity metric, long minute, double value, double count = 1)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{minute}\n{KeyOf(metric)}");
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

    /// <summary>The oldest that wait, of minutes that have ended. Nothing is added to them any more.</summary>
    /// <param name="before">The beginning of the minute that has not.</param>
    public IReadOnlyList<(long Id, Datum Datum)> Take(long before, int most)
    {
        var taken = _waiting.Where(one => one.Value.Minute < before).Take(most)
            .Select(one => (one.Key, one.Value)).ToList();
        var ids = taken.Select(one => one.Key).ToHashSet();
        foreach (var key in _open.Where(one => ids.Contains(one.Value)).Select(one => one.Key).ToList())
        {
            _open.Remove(key);
        }

        return taken;
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
        foreach (var id in _waiting.Keys.Take(Math.Max(0, _waiting.Count - most)).ToList())
        {
            GivenUp++;
            Forget([id]);
            foreach (var key in _open.Where(one => one.Value == id).Select(one => one.Key).ToList())
            {
                _open.Remove(key);
            }
        }
    }

    static string KeyOf(MetricIdentity metric) => string.Join(
        '\n',
        metric.Dimensions.Select(one => $"{one.Key}\t{one.Value}").Prepend($"{metric.Namespace}\t{metric.Name}"));

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
