namespace CloudWatch.Metrics;

/// <summary>The observations of a time put together: how many, their sum, the least and the greatest, and each value
/// with how often it came.</summary>
public sealed class StatisticSet
{
    /// <summary>Beyond so many different values the others are kept to three digits: a percentile of microseconds needs
    /// no more, and a metric of any number of values takes bounded memory.</summary>
    const int MostExact = 1000;

    /// <summary>Beyond so many they are kept by their magnitude only: whoever chooses the values that are observed
    /// could fill the memory.</summary>
    const int MostRounded = 3000;

    readonly SortedDictionary<double, double>? _values;

    /// <param name="keepsValues">Whether percentiles will be asked for, which need every value.</param>
    public StatisticSet(bool keepsValues = false)
    {
        _values = keepsValues ? [] : null;
        KnowsValues = keepsValues;
    }

    public double SampleCount { get; private set; }

    public double Sum { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public bool IsEmpty => SampleCount == 0;

    /// <summary>Whether <see cref="Values"/> has all observations.</summary>
    public bool KnowsValues { get; private set; }

    /// <summary>Each value and how often it came, from the least; empty where values are not kept.</summary>
    public IEnumerable<KeyValuePair<double, double>> Values => _values ?? [];

    public void Add(double value, double count = 1)
    {
        SampleCount += count;
        Sum += value * count;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        Keep(value, count);
    }

    public void Add(StatisticSet other)
    {
        SampleCount += other.SampleCount;
        Sum += other.Sum;
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        if (other._values is null && other.Minimum == other.Maximum)
            Keep(other.Minimum, other.SampleCount);
        else
            KnowsValues &= other.IsEmpty || (other._values is not null && other.KnowsValues);

        foreach (var (value, count) in other.Values)
            Keep(value, count);
    }

    void Keep(double value, double count)
    {
        if (_values is null)
            return;

        if (!_values.TryGetValue(value, out var before) && _values.Count >= MostExact)
        {
            value = Rounded(value, digits: 3);
            if (!_values.TryGetValue(value, out before) && _values.Count >= MostRounded)
                _values.TryGetValue(value = Rounded(value, digits: 0), out before);
        }

        _values[value] = before + count;
    }

    // With no digit at all a power of ten is left.
    static double Rounded(double value, int digits)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) + 1 - digits);
        return value == 0 || !double.IsFinite(unit) || unit == 0 ? value
            : digits == 0 ? Math.CopySign(unit / 10, value)
            : Math.Round(value / unit) * unit;
    }

    /// <summary>As it was kept elsewhere; its values are unknown.</summary>
    public static StatisticSet Of(double sampleCount, double sum, double minimum, double maximum) => new()
    {
        SampleCount = sampleCount,
        Sum = sum,
        Minimum = minimum,
        Maximum = maximum
    };
}
