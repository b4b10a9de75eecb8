using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Agent.Events;
using CloudWatch.Wire;

namespace Agent.Commands;

/// <summary>A log event of a dead letter, as it is exported.</summary>
/// <param name="Id">The dead letter's number.</param>
/// <param name="FromBytes">Where in the file the dead letter's log events begin.</param>
/// <param name="Timestamp">Milliseconds since 1970 in UTC.</param>
sealed record ExportedEvent(
    long Id, string File, long FromBytes, long? ToBytes, string LogGroup, string LogStream, string Reason,
    long Timestamp, string Message);

/// <summary><c>vigil deadletters export</c>.</summary>
static class DeadLettersExportCommand
{
    public static Command Create(Option<string> state)
    {
        var choice = new DeadLetterChoice();
        var command = new Command(
            "export", "Write their log events to standard output as JSON, one a line, with where they came from");
        choice.AddTo(command);
        command.SetGuardedAction((parsed, _) =>
        {
            DeadLettersFolder.Read(parsed, state, store =>
            {
                var letters = choice.In(store, parsed);
                foreach (var gap in letters)
                {
                    Write(gap, DeadLettersFolder.EventsOf(store, gap.DeadLetter!.Id));
                }

                return letters;
            });
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    static void Write(Gap gap, IReadOnlyList<InputLogEvent> events)
    {
        foreach (var one in events)
        {
            var exported = new ExportedEvent(
                gap.DeadLetter!.Id, gap.SourcePath, gap.FromBytes, gap.ToBytes, gap.LogGroup, gap.LogStream, gap.Reason,
                one.Timestamp, one.Message);
            Console.Out.WriteLine(JsonSerializer.Serialize(exported, ExportJson.Wire.ExportedEvent));
        }
    }
}

/// <summary>How it is written: as the status is, but a line each.</summary>
[JsonSerializable(typeof(ExportedEvent))]
sealed partial class ExportJson : JsonSerializerContext
{
    public static ExportJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    });
}
