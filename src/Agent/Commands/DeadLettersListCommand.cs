using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Agent.Events;
using Agent.Status;

namespace Agent.Commands;

/// <summary><c>vigil deadletters list</c>.</summary>
static class DeadLettersListCommand
{
    public static Command Create(Option<string> state)
    {
        var json = new Option<bool>("--json") { Description = "Print them as JSON" };
        var command = new Command("list", "List them, the oldest first, without their text") { json };
        command.SetGuardedAction((parsed, _) =>
        {
            Print(DeadLettersFolder.Read(parsed, state, DeadLetterChoice.Kept), parsed.GetValue(json));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    static void Print(List<Gap> letters, bool isJson)
    {
        if (isJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(letters, StatusJson.Wire.ListGap));
            return;
        }

        var table = new Columns("ID", "WHEN", "EVENTS", "FILE", "FROM", "TO", "LOG STREAM", "REASON");
        foreach (var gap in letters)
        {
            table.Add(
                Number(gap.DeadLetter!.Id), Moment.Text(gap.At.ToUnixTimeMilliseconds()),
                Number(gap.DeadLetter.Events), gap.SourcePath, Number(gap.FromBytes), Number(gap.ToBytes ?? 0),
                $"{gap.LogGroup}/{gap.LogStream}", gap.Reason);
        }

        table.Print("there are no dead letters");
    }

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
