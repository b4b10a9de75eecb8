using System.Text.Json;
using Agent.Tests.Support;
using CloudWatch.Alarms;
using Xunit;

namespace Agent.Tests.Alarms;

/// <summary>Alarms change their state as the service documents it.</summary>
public sealed class AlarmVectorTests
{
    const int Rows = 90;

    /// <param name="source">How the outcomes are known; INF stands for those that were only inferred.</param>
    [Theory]
    [InlineData("DOC", 40)]
    [InlineData("DOC*", 37)]
    [InlineData("INF", 13)]
    public void AnAlarmIsInTheStateThatTheServiceWouldBeIn(string source, int expected)
    {
        var vectors = Vectors.Read("alarm-vectors.jsonl", Rows)
            .Where(vector => Text(vector, "source") == source).ToList();
        var differing = vectors.Select(Difference).OfType<string>().ToList();

        Assert.Equal(expected, vectors.Count);
        Assert.True(differing.Count == 0, $"{differing.Count} differ:\n{string.Join('\n', differing)}");
    }

    static string? Difference(JsonElement vector) =>
        Text(vector, "kind") == "window" ? WindowDifference(vector) : TimelineDifference(vector);

    static string? WindowDifference(JsonElement vector)
    {
        var window = vector.GetProperty("window").EnumerateArray().Select(cell => cell.GetString()).Reverse().ToList();
        var points = window.Index().Where(cell => cell.Item != "-").Select(cell => new AlarmDatapoint(
            cell.Index, Timeline.Start - 60 * (cell.Index + 1), cell.Item == "X" ? 1 : 0, 1)).ToList();
        var alarm = Alarm(vector, "Sum", ">", threshold: 0, periodSeconds: 60);

        // Each state there may be before tells whether it is kept.
        var states = Enum.GetValues<AlarmValue>().Select(before => (Before: before, After: AlarmEvaluation.Evaluate(
            alarm, AlarmState.Initial with { Value = before }, new(Timeline.Start, points),
            DateTimeOffset.UnixEpoch).Value)).ToList();
        var outcome = states.All(one => one.Before == one.After) ? "keep"
            : states.DistinctBy(one => one.After).Count() == 1 ? AlarmState.Name(states[0].After)
            : string.Join(", ", states);
        return outcome == Text(vector, "expected") ? null : $"{vector} gives {outcome}";
    }

    static string? TimelineDifference(JsonElement vector)
    {
        var alarm = Alarm(
            vector, Text(vector, "stat"), Text(vector, "op"), vector.GetProperty("threshold").GetDouble(),
            vector.GetProperty("period").GetInt32());
        var minutes = vector.GetProperty("minutes").EnumerateArray()
            .Select(cell => cell.ValueKind == JsonValueKind.Number ? cell.GetDouble() : (double?)null);
        var states = Timeline.Run(alarm, Timeline.Value(Text(vector, "init")[0]), minutes, alarm.ServiceRange);
        return states == Text(vector, "states") ? null : $"{vector} gives {states}";
    }

    static AlarmConfiguration Alarm(
        JsonElement vector, string statistic, string sign, double threshold, int periodSeconds) => new(
            Timeline.Statistic(statistic), periodSeconds, vector.GetProperty("N").GetInt32(),
            vector.GetProperty("M").GetInt32(), threshold, Timeline.Comparison(sign),
            Enum.Parse<MissingData>(Text(vector, "treat"), ignoreCase: true));

    static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;
}
