using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudWatch.Wire;

/// <summary>The body of an error answer: <c>{"__type":"…","message":"…"}</c>.</summary>
public sealed record ServiceError
{
    [JsonPropertyName("__type")]
    public string? Type { get; init; }

    public string? Message { get; init; }

    /// <summary>Reads an error body as clients must: the type may carry a namespace before a '#' and an address after
    /// a ':', the message may be spelled with a capital. A body that is no such JSON (a proxy's HTML page, say) gives
    /// an error without type and message.</summary>
    public static ServiceError Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new() { Type = ShortType(Text(document, "__type")), Message = MessageOf(document) }
                : new();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or JSON whose text is no UTF-8.
            return new();
        }
    }

    static string? MessageOf(JsonDocument document) => Text(document, "message") ?? Text(document, "Message");

    static string? Text(JsonDocument document, string member) =>
        document.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    static string? ShortType(string? type)
    {
        if (type is null)
        {
            return null;
        }

        var name = type[(type.LastIndexOf('#') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? name : name[..colon];
    }
}
