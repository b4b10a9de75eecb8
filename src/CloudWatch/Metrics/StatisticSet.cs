namespace CloudWatch.Metrics;

/// <summary>The observations of a time put together: how many, their sum, the least and the greatest, and each value
/// with how often it came. Adding up two times is exact.</summary>
public sealed class StatisticSet
{
    readonly SortedDictionary<double, double>? _values;

    /// <param name="keepsValues">Whether percentiles will be asked for, which need every value.</param>
    public StatisticSet(bool keepsValues = false) => _values = keepsValues ? [] : null;

    public double SampleCount { get; private set; }

    public double Sum { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public bool IsEmpty => SampleCount == 0;

    /// <summary>Each value and how often it came, from the least; empty where values are not kept.</summary>
    public IEnumerable<KeyValuePair<double, double>> Values => _values ?? [];

    public void Add(double value, double count = 1)
    {
        SampleCount += count;
        Sum += value * count;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        if (_values is not null)
            _values[value] = _values.GetValueOrDefault(value) + count;
    }

    public void Add(StatisticSet other)
    {
        SampleCount += other.SampleCount;
        Sum += other.Sum;
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        if (_values is null)
            return;

        foreach (var (value, count) in other.Values)
            _values[value] = _values.GetValueOrDefault(value) + count;
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
