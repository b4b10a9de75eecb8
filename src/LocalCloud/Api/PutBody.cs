using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LocalCloud.Store;

namespace LocalCloud.Api;

/// <summary>The body of PutLogEvents, read in one pass without a string or an object per event: an event is a time and
/// a range of the body's own bytes, in which escapes are decoded where they stand.</summary>
/// <remarks>Members come in any order, and a later one of the same name wins, as in the service's reader.</remarks>
sealed class PutBody : IDisposable
{
    readonly Memory<byte> _body;
    IncomingEvent[] _events = [];
    int _count;

    /// <exception cref="RefusedException">The body is not the JSON of this action's request.</exception>
    public PutBody(Memory<byte> body)
    {
        _body = body;
        try
        {
            // Utf8JsonReader looks into no string for broken UTF-8, and we hand the bytes on as they are.
            if (!Utf8.IsValid(body.Span))
                throw new JsonException();
            Read();
        }
        catch (Exception failed) when (failed is JsonException or InvalidOperationException)
        {
            Dispose();
            throw RefusedException.NotTheJsonExpected("The body is not the JSON of this action's request.");
        }
    }

    public string? LogGroupName { get; private set; }

    public string? LogStreamName { get; private set; }

    /// <summary>Whether there was a logEvents member.</summary>
    public bool HasEvents { get; private set; }

    public ReadOnlySpan<IncomingEvent> Events => _events.AsSpan(0, _count);

    /// <summary>The first event without a timestamp, or -1.</summary>
    public int WithoutTimestamp { get; private set; } = -1;

    /// <summary>The first event without a message, or -1.</summary>
    public int WithoutMessage { get; private set; } = -1;

    public ReadOnlySpan<byte> Bytes => _body.Span;

    public void Dispose()
    {
        if (_events.Length > 0)
            ArrayPool<IncomingEvent>.Shared.Return(_events);
        _events = [];
        _count = 0;
    }

    void Read()
    {
        var reader = new Utf8JsonReader(_body.Span);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("logEvents"u8))
                ReadEvents(ref reader);
            else if (reader.ValueTextEquals("logGroupName"u8))
                LogGroupName = ReadText(ref reader);
            else if (reader.ValueTextEquals("logStreamName"u8))
                LogStreamName = ReadText(ref reader);
            else
                reader.Skip();
        }

        // The reader finds bytes after the object only when asked once more.
        Expect(!reader.Read());
    }

    void ReadEvents(ref Utf8JsonReader reader)
    {
        (_count, HasEvents, WithoutTimestamp, WithoutMessage) = (0, false, -1, -1);
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return;

        Expect(reader.TokenType == JsonTokenType.StartArray);
        HasEvents = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            ReadEvent(ref reader);
        Expect(reader.TokenType == JsonTokenType.EndArray);
    }

    void ReadEvent(ref Utf8JsonReader reader)
    {
        long? timestamp = null;
        (int Offset, int Length)? message = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("timestamp"u8))
                timestamp = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("message"u8))
                message = ReadMessage(ref reader);
            else
                reader.Skip();
        }

        if (timestamp is null && WithoutTimestamp < 0)
            WithoutTimestamp = _count;
        if (message is null && WithoutMessage < 0)
            WithoutMessage = _count;
        Add(new(timestamp ?? 0, message?.Offset ?? 0, message?.Length ?? 0));
    }

    // The reader has left the token behind, so its bytes may change under it.
    (int Offset, int Length)? ReadMessage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;

        Expect(reader.TokenType == JsonTokenType.String);
        var offset = (int)reader.TokenStartIndex + 1;
        var length = reader.ValueSpan.Length;
        return (offset, reader.ValueIsEscaped ? JsonText.Unescape(_body.Span.Slice(offset, length)) : length);
    }

    string? ReadText(ref Utf8JsonReader reader) =>
        ReadMessage(ref reader) is { } text
            ? Encoding.UTF8.GetString(_body.Span.Slice(text.Offset, text.Length))
            : null;

    static long? ReadNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;

        var number = 0L;
        Expect(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out number));
        return number;
    }

    void Add(IncomingEvent item)
    {
        if (_count == _events.Length)
        {
            var larger = ArrayPool<IncomingEvent>.Shared.Rent(Math.Max(1024, _count * 2));
            Events.CopyTo(larger);
            if (_events.Length > 0)
                ArrayPool<IncomingEvent>.Shared.Return(_events);
            _events = larger;
        }

        _events[_count++] = item;
    }

    static void Expect(bool asExpected)
    {
        if (!asExpected)
            throw new JsonException();
    }
}
