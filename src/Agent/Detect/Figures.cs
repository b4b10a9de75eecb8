using System.Globalization;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>Observations as they are kept: <c>COUNT SUM MINIMUM MAXIMUM</c>, and each value with how often it came as
/// <c>VALUE:COUNT</c> where those are known.</summary>
static class Figures
{
    public static string Of(StatisticSet set) => string.Join(
        ' ',
        [
            Text(set.SampleCount), Text(set.Sum), Text(set.Minimum), Text(set.Maximum),
            .. set.Values.Select(one => $"{Text(one.Key)}:{Text(one.Value)}")
        ]);

    /// <exception cref="FormatException">It is none.</exception>
    public static StatisticSet Read(string text)
    {
        var cells = text.Split(' ');
        if (cells.Length < 4)
        {
            throw new FormatException("observations have four figures");
        }

        if (cells.Length == 4)
        {
            return StatisticSet.Of(Number(cells[0]), Number(cells[1]), Number(cells[2]), Number(cells[3]));
        }

        var set = new StatisticSet(keepsValues: true);
        foreach (var cell in cells[4..])
        {
            var at = cell.IndexOf(':', StringComparison.Ordinal);
            set.Add(Number(at < 0 ? "" : cell[..at]), Number(cell[(at + 1)..]));
        }

        return set;
    }

    static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
