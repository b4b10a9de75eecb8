using System.Globalization;
using Agent.Tests.Support;
using CloudWatch.Alarms;
using CloudWatch.Metrics;
using CsCheck;
using Xunit;

namespace Agent.Tests.Alarms;

/// <summary>Alarms: which state they are in, and the reason they give.</summary>
public sealed class AlarmTests
{
    static readonly Gen<AlarmConfiguration> Configurations =
        from periods in Gen.Int[1, 5]
        from needed in Gen.Int[1, periods]
        from missing in Gen.Int[0, 3]
        select new AlarmConfiguration(
            Statistic.Sum, 60, periods, needed, 0, AlarmComparison.GreaterThanThreshold, (MissingData)missing);

    public static TheoryData<string, string, string, string> Timelines => Table("alarms/timelines.txt");

    public static TheoryData<string, string, string, string> Reasons => Table("alarms/reasons.txt");

    [Theory]
    [MemberData(nameof(Timelines))]
    public void AnAlarmGoesThroughTheStatesThatItsDatapointsAskFor(
        string alarm, string initial, string minutes, string expected) =>
        Assert.Equal(expected, Run(alarm, initial, minutes, onChange: null));

    [Theory]
    [MemberData(nameof(Reasons))]
    public void AChangeGivesItsReasonInTheServicesWords(string alarm, string initial, string minutes, string expected)
    {
        AlarmState? last = null;

        Run(alarm, initial, minutes, state => last = state);

        Assert.Equal(expected, last?.Reason);
    }

    [Fact]
    public void TheReasonsDataSaysWhatWasEvaluated()
    {
        AlarmState? last = null;

        Run("Sum > 1 60 3 2 missing 5", "O", "2 0 -*1 3.5", state => last = state);

        Assert.Equal(
            Compact("""
                {"version":"1.0","queryDate":"2026-01-05T12:04:10.000+0000","startDate":"2026-01-05T12:00:00.000+0000",
                "statistic":"Sum","period":60,"recentDatapoints":[2.0,0.0,null,3.5],"threshold":1.0,
                "evaluatedDatapoints":[
                {"timestamp":"2026-01-05T12:03:00.000+0000","sampleCount":1.0,"value":3.5},
                {"timestamp":"2026-01-05T12:01:00.000+0000","sampleCount":1.0,"value":0.0},
                {"timestamp":"2026-01-05T12:00:00.000+0000","sampleCount":1.0,"value":2.0}]}
                """),
            last?.ReasonData);
    }

    [Fact]
    public void APercentileOfTooFewObservationsLeavesTheStateAsItIs()
    {
        var alarm = Parse("p90 > 1 60 1 - missing 1").Alarm with { IgnoresLowSamples = true };
        var few = new AlarmWindow(Timeline.Start, [new(0, Timeline.Start - 60, 5, SampleCount: 99)]);
        var enough = few with { Datapoints = [new(0, Timeline.Start - 60, 5, SampleCount: 100)] };

        Assert.Equal(AlarmValue.InsufficientData, Evaluate(alarm, few));
        Assert.Equal(AlarmValue.Alarm, Evaluate(alarm, enough));
    }

    /// <summary>The words of the user guide, followed one by one, for whatever comes.</summary>
    [Fact]
    public void AnAlarmAgreesWithThePlainestReadingOfTheGuide() =>
        Gen.Select(Configurations, Gen.Int[0, 2].Array[1, 12], Gen.Int[0, 2], Gen.Int[0, 3]).Sample(
            (alarm, cells, initial, more) =>
            {
                var minutes = cells.Select(cell => cell == 2 ? (double?)null : cell).ToList();
                var range = alarm.EvaluationPeriods + more;
                Assert.Equal(
                    PlainRun(alarm, (AlarmValue)initial, minutes, range),
                    Timeline.Run(alarm, (AlarmValue)initial, minutes, range));
            },
            iter: 20_000);

    static string PlainRun(AlarmConfiguration alarm, AlarmValue state, List<double?> minutes, int range)
    {
        var states = "";
        for (var end = 1; end <= minutes.Count; end++)
        {
            var seen = Enumerable.Range(0, range).Select(back => end - 1 - back >= 0 ? minutes[end - 1 - back] : null);
            state = PlainState(alarm, state, [.. seen]);
            states += AlarmState.Name(state)[0];
        }

        return states;
    }

    // Newest first; null for a period without data.
    static AlarmValue PlainState(AlarmConfiguration alarm, AlarmValue state, List<double?> seen)
    {
        var real = seen.OfType<double>().Take(alarm.EvaluationPeriods).Select(value => value > 0).ToList();
        var filled = real.Concat(Enumerable.Repeat(
            alarm.MissingData == MissingData.Breaching, alarm.EvaluationPeriods - real.Count)).ToList();
        var isSettled = filled.Count(breaches => breaches) >= alarm.Needed;
        switch (alarm.MissingData)
        {
            case MissingData.Breaching or MissingData.NotBreaching:
                return isSettled ? AlarmValue.Alarm : AlarmValue.Ok;
            case var _ when real.Count(breaches => breaches) >= alarm.Needed:
                return AlarmValue.Alarm;
            case var _ when real.Contains(false):
                return AlarmValue.Ok;
            case MissingData.Ignore:
                return state;
            case var _ when real.Count == 0:
                return AlarmValue.InsufficientData;
            default:
                var present = seen.Index().Where(cell => cell.Item is not null).Select(cell => cell.Index);
                var oldest = present.Take(alarm.EvaluationPeriods).Last();
                return oldest + 1 >= alarm.Needed ? AlarmValue.Alarm : state;
        }
    }

    static AlarmValue Evaluate(AlarmConfiguration alarm, AlarmWindow window) =>
        AlarmEvaluation.Evaluate(alarm, AlarmState.Initial, window, DateTimeOffset.UnixEpoch).Value;

    static string Run(string alarm, string initial, string minutes, Action<AlarmState>? onChange)
    {
        var (configuration, range) = Parse(alarm);
        return Timeline.Run(
            configuration, Timeline.Value(initial[0]), Timeline.Minutes(minutes), range, onChange);
    }

    static (AlarmConfiguration Alarm, int Range) Parse(string written)
    {
        var cells = written.Split(' ');
        return (
            new(
                Timeline.Statistic(cells[0]), Number(cells[3]), Number(cells[4]),
                cells[5] == "-" ? null : Number(cells[5]), double.Parse(cells[2], CultureInfo.InvariantCulture),
                Timeline.Comparison(cells[1]), Enum.Parse<MissingData>(cells[6], ignoreCase: true)),
            Number(cells[7]));
    }

    static string Compact(string json) => json.ReplaceLineEndings("");

    static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);

    static TheoryData<string, string, string, string> Table(string name)
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var row in Cases.Table(name, "::"))
            data.Add(row[0], row[1], row[2], row[3]);
        return data;
    }
}
