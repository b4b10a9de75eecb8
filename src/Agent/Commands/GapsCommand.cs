using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Status;

namespace Agent.Commands;

/// <summary><c>vigil gaps</c>: what was not delivered and never will be, for the auditor.</summary>
static class GapsCommand
{
    public static Command Create()
    {
        var state = StateOption.Create("The agent's state folder; the agent may run meanwhile");
        var json = new Option<bool>("--json") { Description = "Print them as JSON" };
        var command = new Command(
            "gaps",
            "List what was not delivered: file, byte range, reason, time\n\n"
            + "What the service refused for good is kept as a dead letter (vigil deadletters), the rest is lost. "
            + "A record without an end says that nobody knows how much followed, if anything.\n\n"
            + "Examples:\n"
            + "  vigil gaps\n"
            + "  vigil gaps --json --state /var/lib/vigil")
        {
            state, json
        };
        command.SetGuardedAction((parsed, _) =>
        {
            var folder = parsed.GetRequiredValue(state);
            var gaps = PositionStore.LookInto(folder, store => store.Gaps.Read())
                ?? throw new StateException($"{folder}: no vigil ever ran on this folder; is it the right --state?");
            Print(gaps, parsed.GetValue(json));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    // The number by which vigil deadletters shows its log events, where they are kept.
    static string? Kept(DeadLetter? letter) =>
        letter is { StoredBytes: > 0 } ? letter.Id.ToString(CultureInfo.InvariantCulture) : null;

    static void Print(List<Gap> gaps, bool isJson)
    {
        if (isJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(gaps, StatusJson.Wire.ListGap));
            return;
        }

        var table = new Columns("WHEN", "FILE", "FROM", "TO", "LOG STREAM", "REASON", "DEAD LETTER");
        foreach (var gap in gaps)
        {
            table.Add(
                Moment.Text(gap.At.ToUnixTimeMilliseconds()), gap.SourcePath,
                gap.FromBytes.ToString(CultureInfo.InvariantCulture),
                gap.ToBytes?.ToString(CultureInfo.InvariantCulture),
                $"{gap.LogGroup}/{gap.LogStream}", gap.Reason, Kept(gap.DeadLetter));
        }

        table.Print("nothing is recorded as undelivered");
    }
}
