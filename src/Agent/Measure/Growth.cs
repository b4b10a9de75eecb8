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

    sealed record Reading(ulong Value, string Life, long At);

    /// <summary>What a counter grew by since it was read before, shared out evenly among the minutes that passed; none
    /// where it is read for the first time.</summary>
    /// <param name="name">The metric that the counter stands for.</param>
    /// <param name="life">Differs when the counter is another one, which began at nought.</param>
    /// <param name="bits">How wide it may be.</param>
    public IEnumerable<Measurement> Take(string name, string unit, ulong value, string life, int bits, long now)
    {
        var last = _last.GetValueOrDefault(name);
        _last[name] = new(value, life, now);
        _changed[name] = new(
            Prefix + name,
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value} {now} {life}")));
        return last is null || now <= last.At || now - last.At > LongestPauseSeconds ? []
            : Shared(name, unit, last.At, now, Grown(last, value, life, bits));
    }

    /// <summary>What is to be kept since the last time.</summary>
    public IReadOnlyList<StateRow> TakeRows()
    {
        StateRow[] changed = [.. _changed.Values];
        _changed.Clear();
        return changed;
    }

    static ulong Grown(Reading last, ulong value, string life, int bits)
    {
        if (last.Life != life)
        {
            return value;
        }

        return value >= last.Value ? value - last.Value
            : HasWrapped(last.Value, value, bits) ? value + (1UL << bits) - last.Value
            : value; // it was set back
    }

    // From near its end to near its beginning; what fell by less was set back.
    static bool HasWrapped(ulong last, ulong value, int bits) =>
        bits < 64 && last >> (bits - 1) == 1 && value >> (bits - 1) == 0;

    static IEnumerable<Measurement> Shared(string name, string unit, long from, long to, ulong grown)
    {
        var end = Measurement.TurnNearest(to);
        var minutes = Math.Max(1, (end - Measurement.TurnNearest(from)) / 60);
        var first = end - (minutes * 60);
        for (var i = 0L; i < minutes; i++)
        {
            // The parts add up to the whole.
            var part = (double)(Upto(i + 1) - Upto(i));
            yield return new(name, unit, first + (i * 60), part);
        }

        ulong Upto(long share) => (ulong)((UInt128)grown * (ulong)share / (ulong)minutes);
    }

    static Dictionary<string, Reading> ReadAll(IEnumerable<StateRow> rows)
    {
        var all = new Dictionary<string, Reading>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            // What cannot be read is as if it was never there: the counter begins where it stands.
            if (Encoding.UTF8.GetString(row.Value ?? []).Split(' ', 3) is [var value, var at, var life]
                && ulong.TryParse(value, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(at, CultureInfo.InvariantCulture, out var seconds))
            {
                all[row.Key[Prefix.Length..]] = new(number, life, seconds);
            }
        }

        return all;
    }
}
