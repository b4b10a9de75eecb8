using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CloudWatch.Metrics;

/// <summary>What is made of the observations of a period: one of the five statistics, or a percentile such as p99.9.
/// Source: user guide, "CloudWatch statistics definitions".</summary>
public sealed record Statistic
{
    const string Names = "SampleCount, Average, Sum, Minimum, Maximum, or a percentile from p0 to p100";

    Statistic(string name, double? percentile) => (Name, Percentile) = (name, percentile);

    public static Statistic Sum { get; } = new("Sum", null);

    public static Statistic SampleCount { get; } = new("SampleCount", null);

    public static Statistic Average { get; } = new("Average", null);

    public static Statistic Minimum { get; } = new("Minimum", null);

    public static Statistic Maximum { get; } = new("Maximum", null);

    public string Name { get; }

    /// <summary>Null for the five that are none.</summary>
    public double? Percentile { get; }

    public static bool TryParse(
        string text, [NotNullWhen(true)] out Statistic? statistic, [NotNullWhen(false)] out string? error)
    {
        error = null;
        statistic = text switch
        {
            "Sum" => Sum,
            "SampleCount" => SampleCount,
            "Average" => Average,
            "Minimum" => Minimum,
            "Maximum" => Maximum,
            ['p', _, ..] when IsPercent(text[1..], out var percent) => new(text, percent),
            _ => null
        };
        if (statistic is not null)
            return true;

        error = $"\"{text}\" is no statistic; write {Names}";
        return false;
    }

    /// <summary>Null where there are no observations, or no percentile can be told: of figures without their values
    /// only one that all observations share.</summary>
    public double? Of(StatisticSet set) =>
        set.IsEmpty ? null
        : Percentile is { } percent ? PercentileOf(set, percent)
        : Name switch
        {
            "Sum" => set.Sum,
            "SampleCount" => set.SampleCount,
            "Average" => set.Sum / set.SampleCount,
            "Minimum" => set.Minimum,
            _ => set.Maximum
        };

    public override string ToString() => Name;

    // The least value that so many in a hundred do not exceed.
    static double? PercentileOf(StatisticSet set, double percent)
    {
        var wanted = Math.Round(set.SampleCount * percent / 100, 9); // the division is not exact
        var seen = 0.0;
        if (set.Minimum == set.Maximum)
            return set.Minimum;
        if (!set.KnowsValues)
            return null;

        foreach (var (value, count) in set.Values)
        {
            seen += count;
            if (seen >= wanted)
                return value;
        }

        return null;
    }

    static bool IsPercent(string text, out double percent) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out percent)
        && percent <= 100 && text.Length - (text + ".").IndexOf('.', StringComparison.Ordinal) <= 11;
}
