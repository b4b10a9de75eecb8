using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Agent.Checkpoint;
using Agent.Detect;
using Agent.Events;
using Agent.Pipeline;
using Agent.Status;
using CloudWatch.Alarms;

namespace Agent.Commands;

/// <summary><c>vigil alarms</c>: how the alarms of this host stand, how they came to be so, and why.</summary>
static class AlarmsCommand
{
    public static Command Create()
    {
        var state = StateOption.Create("The agent's state folder");
        var json = new Option<bool>("--json") { Description = "Print them as JSON" };
        var command = new Command(
            "alarms",
            "Show the alarms of this host's detections\n\n"
            + "Exit code 0: none is in ALARM; 3: the agent does not run; 4: one is in ALARM, or a file that is to be "
            + "watched cannot be.\n\n"
            + "Examples:\n"
            + "  vigil alarms\n"
            + "  vigil alarms history failed-su\n"
            + "  vigil alarms explain failed-su")
        {
            state, json, History(), Explain()
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var (alarms, isRunning, blind) = await FindAsync(parsed.GetRequiredValue(state), cancel);
            if (parsed.GetValue(json))
            {
                await Console.Out.WriteLineAsync(
                    JsonSerializer.Serialize(alarms, StatusJson.Wire.IReadOnlyListAlarmStatus));
            }
            else
            {
                PrintAll(alarms);
            }

            foreach (var problem in blind)
            {
                await Console.Error.WriteLineAsync($"{problem.Where}: {problem.What}");
            }

            return !isRunning ? ExitCode.NotRunning
                : blind.Count > 0 || alarms.Any(alarm => alarm.State == AlarmState.Name(AlarmValue.Alarm))
                    ? ExitCode.Degraded
                : ExitCode.Done;
        });
        return command;
    }

    static Command History()
    {
        var state = StateOption.Create("The agent's state folder");
        var name = new Argument<string?>("NAME")
        {
            Description = "One detection; all without it",
            DefaultValueFactory = _ => null
        };
        var command = new Command("history", "List how the alarms changed their states, newest last") { name, state };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var (alarms, _, _) = await FindAsync(parsed.GetRequiredValue(state), cancel);
            if (parsed.GetValue(name) is { } only)
            {
                alarms = [Named(alarms, only)];
            }

            var table = new Columns("WHEN", "ALARM", "FROM", "TO", "REASON");
            var changes = alarms.SelectMany(alarm => alarm.Transitions.Select(change => (alarm.Name, Change: change)));
            foreach (var (alarm, change) in changes.OrderBy(one => one.Change.At))
            {
                var late = change.LateFor is { } at ? $" (late, for {Time(at)})" : "";
                table.Add(Time(change.At), alarm, change.From, change.To, change.Reason + late);
            }

            table.Print("no alarm has changed its state so far");
            return ExitCode.Done;
        });
        return command;
    }

    static Command Explain()
    {
        var state = StateOption.Create("The agent's state folder");
        var name = new Argument<string>("NAME") { Description = "The detection" };
        var command = new Command("explain", "Say why an alarm is in its state, and what would change it")
        {
            name, state
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var (alarms, isRunning, _) = await FindAsync(parsed.GetRequiredValue(state), cancel);
            foreach (var line in Explained(Named(alarms, parsed.GetRequiredValue(name)), isRunning))
            {
                await Console.Out.WriteLineAsync(line);
            }

            return ExitCode.Done;
        });
        return command;
    }

    // Of an agent that does not run what it left.
    static async Task<(IReadOnlyList<AlarmStatus> Alarms, bool IsRunning, List<Problem> Blind)> FindAsync(
        string folder, CancellationToken cancel)
    {
        if (await RunningAgent.AskAsync(folder, cancel) is { } report)
        {
            return (
                report.Alarms, true,
                [.. report.Problems.Where(one => one.Cause == WatchReading.Blind)]);
        }

        await Console.Error.WriteLineAsync($"vigil is not running on {folder}: nothing is watched for");
        var kept = PositionStore.LookInto(Path.Combine(folder, "watch"), store => store.State.Read()) ?? [];
        return ([.. WatchRows.Read(kept, []).Alarms.Values.Select(alarm => alarm.Status)], false, []);
    }

    static AlarmStatus Named(IReadOnlyList<AlarmStatus> alarms, string name) =>
        alarms.FirstOrDefault(alarm => alarm.Name == name)
        ?? throw new UsageException(
            alarms.Count == 0
                ? $"{name}: nothing is watched for on this host; vigil.detections in the configuration says what is"
                : $"{name}: no detection is called so; there are {string.Join(", ", alarms.Select(one => one.Name))}");

    static void PrintAll(IReadOnlyList<AlarmStatus> alarms)
    {
        var table = new Columns("ALARM", "STATE", "SINCE", "FILE", "REASON");
        foreach (var alarm in alarms)
        {
            table.Add(
                alarm.Name, alarm.State, alarm.Since == default ? null : Time(alarm.Since), alarm.Source, alarm.Reason);
        }

        table.Print("nothing is known of any alarm: vigil.detections and vigil.packs of a running agent make some");
    }

    static IEnumerable<string> Explained(AlarmStatus alarm, bool isRunning)
    {
        var since = alarm.Since == default ? "" : $" since {Time(alarm.Since)}";
        yield return $"{alarm.Name}: {alarm.State}{since}{(isRunning ? "" : ", when the agent stopped")}";
        yield return $"because: {alarm.Reason}";
        if (alarm.Trigger is { } trigger)
        {
            var needed = trigger.DatapointsToAlarm ?? trigger.EvaluationPeriods;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"watched: {alarm.Source}{Sought(alarm.Pattern)}; ALARM when "
                + $"{trigger.Statistic} is {Words(trigger.ComparisonOperator)} {trigger.Threshold} in {needed} of "
                + $"{trigger.EvaluationPeriods} periods of {trigger.PeriodSeconds} seconds; a period without data "
                + $"counts as {trigger.TreatMissingData}");
        }
    }

    static string Sought(string? pattern) =>
        pattern is null ? "" : $" for {(pattern.Length == 0 ? "any line" : pattern)}";

    static string Words(string comparison) => comparison switch
    {
        "GreaterThanThreshold" => "greater than",
        "GreaterThanOrEqualToThreshold" => "at least",
        "LessThanThreshold" => "less than",
        _ => "at most"
    };

    static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
