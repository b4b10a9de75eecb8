using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Agent.Events;
using CloudWatch.Alarms;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>What is kept of an alarm.</summary>
sealed record KeptAlarm(
    string Name, AlarmValue State, string Reason, string? ReasonData, DateTimeOffset Since, long EvaluatedUntil,
    bool IsAlarmTold, IReadOnlyList<KnownBurst> Bursts, IReadOnlyList<SeenLine> Lines,
    IReadOnlyList<AlarmTransition> Transitions)
{
    /// <summary>What is counted: the numbers of something else say nothing of it.</summary>
    public string? Counts { get; init; }

    /// <summary>What can be said of it by what was kept alone.</summary>
    [JsonIgnore]
    public AlarmStatus Status => new(
        Name, null, "", null, null, AlarmState.Name(State), Reason, Since, Transitions);
}

/// <summary>Ends of periods that breached, one after the other, and are told of.</summary>
/// <param name="From">In seconds since 1970, as is <paramref name="To"/>.</param>
sealed record KnownBurst(long From, long To);

/// <summary>The observations of a minute.</summary>
sealed record KeptPoint(string Alarm, long Minute, StatisticSet Set);

/// <summary>The rows that outlive the process: <c>alarm/NAME</c> and <c>notice/ID</c> as JSON,
/// <c>point/NAME/MINUTE</c> as figures. One that cannot be read is of no use, and no reason to watch nothing.</summary>
static class WatchRows
{
    const string Alarm = "alarm/";
    const string Notice = "notice/";
    const string Point = "point/";

    /// <param name="useless">Takes those that cannot be read, to be forgotten.</param>
    public static (Dictionary<string, KeptAlarm> Alarms, List<KeptPoint> Points, List<AlarmNotice> Notices) Read(
        IEnumerable<StateRow> rows, List<StateRow> useless)
    {
        var (alarms, points, notices) = (new Dictionary<string, KeptAlarm>(), new List<KeptPoint>(),
            new List<AlarmNotice>());
        foreach (var row in rows)
        {
            if (!TryRead(row, alarms, points, notices))
            {
                useless.Add(row with { Value = null });
            }
        }

        return (alarms, points, notices);
    }

    public static StateRow Of(KeptAlarm alarm) => new(
        Alarm + alarm.Name, JsonSerializer.SerializeToUtf8Bytes(alarm, WatchJson.Default.KeptAlarm));

    public static StateRow Of(AlarmNotice notice) => new(
        Notice + notice.Id, JsonSerializer.SerializeToUtf8Bytes(notice, WatchJson.Default.AlarmNotice));

    public static StateRow Of(KeptPoint point) =>
        new(KeyOf(point.Alarm, point.Minute), Encoding.UTF8.GetBytes(Figures.Of(point.Set)));

    public static StateRow Gone(AlarmNotice notice) => new(Notice + notice.Id, null);

    public static StateRow Gone(string alarm, long minute) => new(KeyOf(alarm, minute), null);

    /// <summary>The detection that a row is of; null for a notice, which outlives it.</summary>
    public static string? AlarmOf(string key) =>
        key.StartsWith(Alarm, StringComparison.Ordinal) ? key[Alarm.Length..]
        : key.StartsWith(Point, StringComparison.Ordinal) && key.LastIndexOf('/') is var end && end >= Point.Length
            ? key[Point.Length..end]
            : null;

    /// <summary>As the service writes it.</summary>
    public static string Name(MissingData missing) => missing switch
    {
        MissingData.NotBreaching => "notBreaching",
        MissingData.Breaching => "breaching",
        MissingData.Ignore => "ignore",
        _ => "missing"
    };

    static bool TryRead(
        StateRow row, Dictionary<string, KeptAlarm> alarms, List<KeptPoint> points, List<AlarmNotice> notices)
    {
        try
        {
            if (row.Key.StartsWith(Alarm, StringComparison.Ordinal)
                && JsonSerializer.Deserialize(row.Value, WatchJson.Default.KeptAlarm) is
                { Reason: not null, Bursts: not null, Lines: not null, Transitions: not null } alarm)
            {
                alarms[row.Key[Alarm.Length..]] = alarm;
                return true;
            }

            if (row.Key.StartsWith(Notice, StringComparison.Ordinal)
                && JsonSerializer.Deserialize(row.Value, WatchJson.Default.AlarmNotice) is
                { Channels: not null, Lines: not null, Trigger: not null } notice)
            {
                notices.Add(notice);
                return true;
            }

            if (row.Key.StartsWith(Point, StringComparison.Ordinal) && AlarmOf(row.Key) is { } name)
            {
                var minute = long.Parse(row.Key[(Point.Length + name.Length + 1)..], CultureInfo.InvariantCulture);
                points.Add(new(name, minute, Figures.Read(Encoding.UTF8.GetString(row.Value!))));
                return true;
            }

            return false;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    static string KeyOf(string alarm, long minute) =>
        string.Create(CultureInfo.InvariantCulture, $"{Point}{alarm}/{minute}");
}

[JsonSerializable(typeof(KeptAlarm))]
[JsonSerializable(typeof(AlarmNotice))]
sealed partial class WatchJson : JsonSerializerContext;
