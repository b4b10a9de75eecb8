using System.Globalization;
using System.Net;
using System.Text;
using Agent.Detect;
using CloudWatch.Alarms;

namespace Agent.Commands;

/// <summary>What came of a simulation as a picture (SVG): for each detection its datapoints against the threshold, when
/// it was in ALARM, and when somebody was told. Minutes in which nothing happened are left out.</summary>
sealed class SimulationChart
{
    const int Width = 1200;
    const int Margin = 60;
    const int Plot = Width - (2 * Margin);
    const int PanelHeight = 150;
    const int BarHeight = 90;
    const int MostLabels = 8;

    readonly List<(DateTimeOffset Time, Dictionary<string, Column> Columns)> _minutes = [];
    readonly List<(DateTimeOffset Time, string Alarm)> _told = [];

    readonly record struct Column(double? Value, bool IsAlarm);

    /// <summary>Takes how all detections stand at the end of a minute.</summary>
    public void Add(DateTimeOffset time, IReadOnlyList<(Detection Detection, double? Value, string State)> all)
    {
        if (all.Any(one => one.Value is not null || one.State == AlarmState.Name(AlarmValue.Alarm)))
        {
            _minutes.Add((time, all.ToDictionary(
                one => one.Detection.Name,
                one => new Column(one.Value, one.State == AlarmState.Name(AlarmValue.Alarm)),
                StringComparer.Ordinal)));
        }
    }

    /// <summary>An alarm was told.</summary>
    public void Tell(DateTimeOffset time, string alarm) => _told.Add((time, alarm));

    public string ToSvg(IReadOnlyList<Detection> detections)
    {
        var svg = new StringBuilder();
        var height = (detections.Count * PanelHeight) + 60;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" "
            + $"viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n"
            + $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/>\n");
        foreach (var (i, detection) in detections.Index())
        {
            Panel(svg, detection, 20 + (i * PanelHeight));
        }

        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Margin}\" y=\"{height - 12}\" fill=\"#666\" font-size=\"10\">A column is a minute (UTC); "
            + $"minutes in which nothing happened are left out where a dotted line stands. "
            + $"Triangles: somebody was told. Red line: the threshold</text>\n");

        return svg.Append("</svg>\n").ToString();
    }

    void Panel(StringBuilder svg, Detection detection, int top)
    {
        var columns = _minutes.ConvertAll(one => one.Columns.GetValueOrDefault(detection.Name));
        var (threshold, bottom) = (detection.Alarm.Threshold, top + 20 + BarHeight);
        var most = Math.Max(columns.Select(one => one.Value ?? 0).Append(threshold).Max(), 1e-9) * 1.1;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Margin}\" y=\"{top + 12}\" font-weight=\"bold\">{WebUtility.HtmlEncode(detection.Name)}"
            + $"</text>\n<text x=\"{Width - Margin}\" y=\"{top + 12}\" text-anchor=\"end\" fill=\"#666\">"
            + $"{detection.Alarm.Statistic} over {detection.Alarm.PeriodSeconds} s, {detection.Alarm.Comparison} "
            + $"{threshold}</text>\n");
        foreach (var (i, column) in columns.Index())
        {
            Bar(svg, i, column, most, bottom);
        }

        if (threshold > 0)
        {
            var y = bottom - (BarHeight * threshold / most);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line x1=\"{Margin}\" x2=\"{Width - Margin}\" y1=\"{y:F1}\" y2=\"{y:F1}\" stroke=\"#b00020\" "
                + $"stroke-dasharray=\"4 3\"/>\n");
        }

        svg.Append(
            CultureInfo.InvariantCulture,
            $"<line x1=\"{Margin}\" x2=\"{Width - Margin}\" y1=\"{bottom}\" y2=\"{bottom}\" stroke=\"#999\"/>\n");
        Marks(svg, detection.Name, top, bottom);
        Labels(svg, bottom);
    }

    void Bar(StringBuilder svg, int number, Column column, double most, int bottom)
    {
        var (x, width) = (XOf(number), Math.Max(1, (double)Plot / _minutes.Count));
        if (column.IsAlarm)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{x:F1}\" y=\"{bottom - BarHeight}\" width=\"{width:F1}\" height=\"{BarHeight}\" "
                + $"fill=\"#fde7ea\"/>\n");
        }

        if (column.Value is > 0 and { } value)
        {
            var height = BarHeight * value / most;
            var colour = column.IsAlarm ? "#b00020" : "#1b7f3b";
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{x:F1}\" y=\"{bottom - height:F1}\" width=\"{width:F1}\" height=\"{height:F1}\" "
                + $"fill=\"{colour}\"><title>{Time(_minutes[number].Time)}: {value:G6}</title></rect>\n");
        }
    }

    // A triangle where somebody was told.
    void Marks(StringBuilder svg, string alarm, int top, int bottom)
    {
        foreach (var (time, _) in _told.Where(one => one.Alarm == alarm))
        {
            var x = XOf(Math.Max(0, _minutes.FindIndex(one => one.Time >= time)));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path d=\"M {x:F1} {bottom} l -5 9 h 10 z\" fill=\"#b00020\"><title>told at {Time(time)}</title>"
                + $"</path>\n");
        }

        // Where time was left out.
        for (var i = 1; i < _minutes.Count; i++)
        {
            if (_minutes[i].Time - _minutes[i - 1].Time > TimeSpan.FromMinutes(1))
            {
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<line x1=\"{XOf(i):F1}\" x2=\"{XOf(i):F1}\" y1=\"{top + 18}\" y2=\"{bottom}\" "
                    + $"stroke=\"#ccc\" stroke-dasharray=\"1 3\"/>\n");
            }
        }
    }

    void Labels(StringBuilder svg, int bottom)
    {
        var step = Math.Max(1, (_minutes.Count + MostLabels - 1) / MostLabels);
        for (var i = 0; i < _minutes.Count; i += step)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{XOf(i):F1}\" y=\"{bottom + 22}\" fill=\"#666\" font-size=\"10\">"
                + $"{Time(_minutes[i].Time)}</text>\n");
        }
    }

    double XOf(int number) => Margin + ((double)Plot * number / Math.Max(1, _minutes.Count));

    static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
}
