using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LocalCloud.Api;

/// <summary>One call of an action: the body that came, and where the answer's body goes.</summary>
/// <param name="Body">UTF-8, already unzipped. The action may overwrite it.</param>
sealed record Call(Cloud Cloud, Memory<byte> Body, PooledBuffer Answer, CancellationToken Cancel)
{
    /// <summary>The body as a request.</summary>
    /// <exception cref="RefusedException">It is not the JSON of such a request.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body.Span, type)
                ?? throw RefusedException.NotTheJsonExpected("The body must be a JSON object.");
        }
        catch (Exception failed) when (failed is JsonException or InvalidOperationException)
        {
            // The path says which member; the text of the exception would also name our own types.
            var path = (failed as JsonException)?.Path;
            throw RefusedException.NotTheJsonExpected(path is null or "$"
                ? "The body is not the JSON of this action's request."
                : $"The body is not the JSON of this action's request: see {path}.");
        }
    }

    public void Write<T>(T response, JsonTypeInfo<T> type) => Write(Answer, response, type);

    /// <summary>Writes a record as the wire has it.</summary>
    public static void Write<T>(PooledBuffer answer, T response, JsonTypeInfo<T> type)
    {
        using var writer = new Utf8JsonWriter(answer, new() { Encoder = type.Options.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(writer, response, type);
    }
}
