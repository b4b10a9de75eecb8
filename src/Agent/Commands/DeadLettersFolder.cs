using System.CommandLine;
using System.Text.Json;
using Agent.Checkpoint;
using CloudWatch.Wire;

namespace Agent.Commands;

/// <summary>The dead letters in a state folder, as the commands about them need them.</summary>
static class DeadLettersFolder
{
    /// <exception cref="StateException">No agent ever ran on the folder, or it cannot be read.</exception>
    public static T Read<T>(ParseResult parsed, Option<string> state, Func<PositionStore, T> use)
        where T : class
    {
        var folder = parsed.GetRequiredValue(state);
        return PositionStore.LookInto(folder, use) ?? throw NoState(folder);
    }

    /// <exception cref="StateException">No agent ever ran on the folder, or it cannot be written.</exception>
    public static T Change<T>(ParseResult parsed, Option<string> state, Func<PositionStore, T> use)
        where T : class
    {
        var folder = parsed.GetRequiredValue(state);
        return PositionStore.Change(folder, use) ?? throw NoState(folder);
    }

    /// <summary>The log events of one.</summary>
    /// <exception cref="StateException">They are damaged, or were given up meanwhile.</exception>
    public static IReadOnlyList<InputLogEvent> EventsOf(PositionStore store, long id)
    {
        try
        {
            var body = store.Letters.ReadBody(id) ?? throw new StateException($"dead letter {id} was given up");
            return JsonSerializer.Deserialize(
                [(byte)'[', .. body, (byte)']'], LogsJson.Wire.IReadOnlyListInputLogEvent) ?? [];
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new StateException($"dead letter {id} is damaged: {e.Message}", e);
        }
    }

    static StateException NoState(string folder) =>
        new($"{folder}: no vigil ever ran on this folder; is it the right --state?");
}
