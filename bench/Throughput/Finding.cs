using System.Globalization;

namespace Throughput;

/// <summary>What was measured, and what it is to be.</summary>
/// <param name="Values">One for each round.</param>
/// <param name="Least">What the median is to reach; null where nothing is asked.</param>
/// <param name="Most">What it may be at most.</param>
sealed record Finding(
    string Scenario, string What, string Unit, IReadOnlyList<double> Values, double? Least = null, double? Most = null)
{
    public const string Header = """
        | scenario | what | median | range | target | |
        |---|---|---|---|---|---|
        """;

    /// <summary>Null where nothing was measured.</summary>
    public double? Median
    {
        get
        {
            var ordered = Values.Order().ToList();
            return ordered.Count == 0
                ? null
                : (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
        }
    }

    /// <summary>Whether it is as it is to be; null where nothing is asked.</summary>
    public bool? IsMet => Least is null && Most is null ? null : Median >= (Least ?? 0) && Median <= (Most ?? Median);

    public override string ToString()
    {
        var range = Values.Count > 1 ? $"{Text(Values.Min())}-{Text(Values.Max())}" : "";
        var target = Least is not null ? $"at least {Text(Least.Value)}"
            : Most is not null ? $"at most {Text(Most.Value)}"
            : "";
        var verdict = IsMet switch { true => "met", false => "**missed**", null => "" };
        var median = Median is { } value ? Text(value) : "no round is of use";
        return $"| {Scenario} | {What} | {median} {Unit} | {range} | {target} | {verdict} |";
    }

    static string Text(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "F0", >= 10 => "F1", >= 0.1 => "F2", _ => "0.####" },
        CultureInfo.InvariantCulture);
}
