using System.Text.Encodings.Web;
using System.Text.Json;
using LocalCloud.Store;

namespace LocalCloud.Api;

/// <summary>Writes pages of events: messages go from the page's bytes to the answer's without becoming strings.
/// Member names: API, GetLogEvents and FilterLogEvents.</summary>
static class EventsAnswer
{
    static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true
    };

    /// <summary>The answer of GetLogEvents.</summary>
    /// <param name="newestFirst">Whether the page was read backwards; it is written oldest first all the same.</param>
    public static void Write(
        Call call, EventPage page, bool newestFirst, string nextForwardToken, string nextBackwardToken)
    {
        using var writer = new Utf8JsonWriter(call.Answer, Options);
        writer.WriteStartObject();
        writer.WriteStartArray("events"u8);
        for (var count = 0; count < page.Count; count++)
        {
            writer.WriteStartObject();
            WriteCommon(writer, page, newestFirst ? page.Count - 1 - count : count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("nextForwardToken"u8, nextForwardToken);
        writer.WriteString("nextBackwardToken"u8, nextBackwardToken);
        writer.WriteEndObject();
    }

    /// <summary>The answer of FilterLogEvents.</summary>
    public static void Write(
        Call call, EventPage page, long groupId, IReadOnlyDictionary<long, string> streamNames, string? nextToken)
    {
        using var writer = new Utf8JsonWriter(call.Answer, Options);
        writer.WriteStartObject();
        writer.WriteStartArray("events"u8);
        for (var index = 0; index < page.Count; index++)
        {
            writer.WriteStartObject();
            writer.WriteString("logStreamName"u8, streamNames[page.StreamAt(index)]);
            WriteCommon(writer, page, index);
            writer.WriteString("eventId"u8, page.PositionAt(index).ToDigits(groupId));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("searchedLogStreams"u8);
        writer.WriteEndArray();
        if (nextToken is not null)
            writer.WriteString("nextToken"u8, nextToken);
        writer.WriteEndObject();
    }

    static void WriteCommon(Utf8JsonWriter writer, EventPage page, int index)
    {
        writer.WriteNumber("timestamp"u8, page.PositionAt(index).Timestamp);
        writer.WriteString("message"u8, page.MessageAt(index));
        writer.WriteNumber("ingestionTime"u8, page.PositionAt(index).Ingested);
    }
}
