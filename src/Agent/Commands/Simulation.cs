using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Agent.Detect;
using Agent.Events;

namespace Agent.Commands;

/// <summary>Goes through lines by their own clock, and prints each datapoint that differs from the one before it, each
/// state and each notice.</summary>
sealed class Simulation
{
    const int ThresholdColumn = 10; // of a datapoint's bar
    const int LongestBar = 30;

    // Longer pauses are jumped over once all that was before is evaluated.
    static readonly TimeSpan LongestPause = TimeSpan.FromDays(8);

    readonly TextWriter _output;
    readonly ReplayClock _clock = new();
    readonly Watch _watch;
    readonly LineWatch _lines;
    readonly Sightings _seen = new();
    readonly Dictionary<string, (double? Value, string State)> _shown = new(StringComparer.Ordinal);
    readonly int _nameWidth;
    readonly SimulationChart _chart = new();
    readonly IReadOnlyList<Detection> _detections;
    bool _hasBegun;

    public Simulation(IReadOnlyList<Detection> detections, TextWriter output)
    {
        _output = output;
        _detections = detections;
        _nameWidth = detections.Max(one => one.Name.Length);
        var channels = detections.SelectMany(one => one.Channels).Distinct().ToList();
        _watch = new(detections, channels, [], [], _clock, out _) { Noticed = Print };
        _lines = new(detections, TimeZoneInfo.Local, _clock);
    }

    public long Lines { get; private set; }

    public long Timeless { get; private set; }

    public int Alarms { get; private set; }

    /// <summary>All of it as a picture (SVG).</summary>
    public string Picture => _chart.ToSvg(_detections);

    /// <summary>Takes the next line.</summary>
    public void Take(byte[] line)
    {
        Lines++;
        if (!Utf8.IsValid(line))
        {
            line = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line));
        }

        if (EventTime.Of(line, TimeProvider.System.GetUtcNow(), TimeZoneInfo.Local) is { } seconds)
        {
            GoTo(DateTimeOffset.FromUnixTimeSeconds(seconds));
        }
        else
        {
            Timeless++;
        }

        if (!_hasBegun)
        {
            return; // nobody knows when it was
        }

        _lines.Look(line, _clock.GetUtcNow().ToUnixTimeMilliseconds(), _seen);
        if (!_seen.IsEmpty)
        {
            _watch.Take(_seen, _ => { });
            _seen.Clear();
        }
    }

    /// <summary>Goes on until nothing of what was taken is looked at any more.</summary>
    public void End()
    {
        if (_hasBegun)
        {
            PassPause();
        }
    }

    // A line that is older than one before it is taken as if it were of the same time.
    void GoTo(DateTimeOffset time)
    {
        if (!_hasBegun)
        {
            _clock.Now = time;
            _hasBegun = true;
        }

        if (time - _clock.Now > LongestPause)
        {
            PassPause();
            _clock.Now = time;
        }

        while (_clock.Now + _watch.UntilNext <= time)
        {
            PassMinute();
        }

        _clock.Now = time > _clock.Now ? time : _clock.Now;
    }

    void PassPause()
    {
        var end = _clock.Now + LongestPause;
        do
        {
            PassMinute(); // the one in which the last line was
        }
        while (_clock.Now < end && _watch.Datapoints.Any(one => one.Value is not null || one.State == "ALARM"));
    }

    void PassMinute()
    {
        _clock.Now += _watch.UntilNext;
        _watch.Evaluate(_ => { });
        var datapoints = _watch.Datapoints;
        _chart.Add(_clock.Now, datapoints);
        foreach (var (detection, value, state) in datapoints)
        {
            if (!_shown.TryGetValue(detection.Name, out var before) ? value is not null : before != (value, state))
            {
                Print(detection, value, state);
                _shown[detection.Name] = (value, state);
            }
        }
    }

    void Print(Detection detection, double? value, string state)
    {
        var threshold = detection.Alarm.Threshold;
        var length = value is null or <= 0 ? 0
            : (int)Math.Clamp(value.Value / (threshold > 0 ? threshold : 1) * ThresholdColumn, 1, LongestBar);
        var bar = new string('#', length).PadRight(LongestBar);
        var shown = threshold > 0 && length < ThresholdColumn
            ? $"{bar[..(ThresholdColumn - 1)]}|{bar[ThresholdColumn..]}" : bar;
        var number = value is { } known ? known.ToString("G6", CultureInfo.InvariantCulture) : "-";
        _output.WriteLine(
            $"{Time(_clock.Now)}  {detection.Name.PadRight(_nameWidth)}  {detection.Alarm.Statistic} {number,-8} "
            + $"{shown}  {(state == "ALARM" ? Paint.Red(state) : state == "OK" ? Paint.Green(state) : state)}");
    }

    void Print(AlarmNotice notice)
    {
        if (notice.NewState == "ALARM")
        {
            Alarms++;
            _chart.Tell(_clock.Now, notice.Alarm);
        }

        var whom = notice.Channels.Count == 0 ? "nobody" : string.Join(", ", notice.Channels);
        _output.WriteLine(
            $"{Time(_clock.Now)}  {notice.Alarm.PadRight(_nameWidth)}  {notice.NewState} is told to {whom}: "
            + notice.Reason);
        foreach (var line in notice.Lines)
        {
            _output.WriteLine($"    {Terminal.Harmless(line.Text)}");
        }
    }

    static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The time that the lines are of.</summary>
    sealed class ReplayClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
