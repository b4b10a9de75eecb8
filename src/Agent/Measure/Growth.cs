using System.Globalization;
using System.Text;
using Agent.Events;

namespace Agent.Measure;

/// <summary>How much counters grew, minute by minute, whatever becomes of them in between: they begin anew with a boot
/// or when whoever made them makes them again, and narrow ones wrap. What they read last outlives the process, so that
/// what passes while the agent restarts is counted too.</summary>
/// <param name="rows">What was kept of them by the run before.</param>
sealed class Growth(IEnumerable<StateRow> rows)
{
    /// <summary>What the keys of its rows begin with.</summary>
    public const string Prefix = "counter/";

    // Beyond it nobody knows any more what was when.
    const long LongestPauseSeconds = 86_400;

    readonly Dictionary<string, Reading> _last = ReadAll(rows);
    readonly Dictionary<string, StateRow> _changed = [];

    /// <param name="At">In seconds since 1970.</param>
    sealed record Reading(long At, IReadOnlyList<Counter> Counters);

    /// <summary>What a metric grew by since it was read before, shared out among the minutes that passed; none
    /// where it is read for the first time. Each minute gets by how much of it passed.</summary>
    /// <param name="counters">They add up to the metric. One that was not among them before begins to count
    /// now.</param>
    public IEnumerable<Measurement> Take(
        string metric, string unit, IReadOnlyList<Counter> counters, DateTimeOffset now)
    {
        var (last, seconds) = (_last.GetValueOrDefault(metric), now.ToUnixTimeSeconds());
        if (last is not null && seconds >= last.At && Turn(seconds) == Turn(last.At))
        {
            return []; // too soon: what grew is counted with what follows
        }

        _last[metric] = new(seconds, counters);
        _changed[metric] = new(Prefix + metric, Written(_last[metric]));
        if (last is null || seconds <= last.At || seconds - last.At > LongestPauseSeconds)
        {
            return [];
        }

        var before = last.Counters.DistinctBy(one => one.Name).ToDictionary(one => one.Name, StringComparer.Ordinal);
        var grown = counters.Aggregate(
            UInt128.Zero, (sum, one) => sum + (before.TryGetValue(one.Name, out var was) ? Grown(was, one) : 0));
        return Shared(metric, unit, last.At, seconds, grown);
    }

    /// <summary>What is to be kept since the last time.</summary>
    public IReadOnlyList<StateRow> TakeRows()
    {
        StateRow[] changed = [.. _changed.Values];
        _changed.Clear();
        return changed;
    }

    static ulong Grown(Counter was, Counter now) =>
        was.Life != now.Life ? now.Value
        : now.Value >= was.Value ? now.Value - was.Value
        : HasWrapped(was.Value, now.Value, now.Bits) ? now.Value + (1UL << now.Bits) - was.Value
        : now.Value; // it was set back

    // From near its end to near its beginning; what fell by less was set back.
    static bool HasWrapped(ulong was, ulong now, int bits) =>
        bits < 64 && was >> (bits - 1) == 1 && now >> (bits - 1) == 0;

    static IEnumerable<Measurement> Shared(string metric, string unit, long from, long to, UInt128 grown)
    {
        (from, to) = (Turn(from), Turn(to));
        for (var at = from; at < to;)
        {
            // The parts add up to the whole.
            var next = Math.Min(to, (at / 60 * 60) + 60);
            yield return new(metric, unit, at / 60 * 60, (double)(Upto(next) - Upto(at)));
            at = next;
        }

        UInt128 Upto(long seconds) => grown * (ulong)(seconds - from) / (ulong)(to - from);
    }

    // What is read just after the clock struck is of the minute that ended.
    static long Turn(long seconds) => seconds % 60 <= Measurement.LateSeconds ? seconds / 60 * 60 : seconds;

    // The time in a line, and each counter in one: value, life and name.
    static byte[] Written(Reading reading) => Encoding.UTF8.GetBytes(string.Join(
        '\n',
        reading.Counters
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value}\t{one.Life}\t{one.Name}"))
            .Prepend(reading.At.ToString(CultureInfo.InvariantCulture))));

    static Dictionary<string, Reading> ReadAll(IEnumerable<StateRow> rows)
    {
        var all = new Dictionary<string, Reading>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            // What cannot be read is as if it was never there: counters begin where they stand.
            var lines = Encoding.UTF8.GetString(row.Value ?? []).Split('\n');
            if (long.TryParse(lines[0], CultureInfo.InvariantCulture, out var at))
            {
                all[row.Key[Prefix.Length..]] = new(at, [.. lines[1..].SelectMany(Read)]);
            }
        }

        return all;
    }

    static IEnumerable<Counter> Read(string line) =>
        line.Split('\t', 3) is [var value, var life, var name]
        && ulong.TryParse(value, CultureInfo.InvariantCulture, out var number)
            ? [new(name, number, life, 64)]
            : [];
}
