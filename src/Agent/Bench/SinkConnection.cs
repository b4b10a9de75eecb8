using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Agent.Bench;

/// <summary>One connection that requests come on, one after the other.</summary>
sealed class SinkConnection(Stream stream, SinkCounts counts, SinkOptions options)
{
    // A batch of the longest events that are all escapes, and its head.
    const int LongestRequest = 8 << 20;

    // The benchmarks' lines have none: to look for a whole key costs as much as all the rest.
    const byte EventStart = (byte)'{';

    // Names stand at the beginning of a body.
    const int NamesBytes = 1024;

    readonly byte[]? _denied = options.Denied is { } word ? Encoding.UTF8.GetBytes(word) : null;
    byte[] _buffer = new byte[1 << 16];
    int _length; // of what is in the buffer

    /// <exception cref="IOException">The other side is gone.</exception>
    /// <exception cref="InvalidDataException">It speaks something else.</exception>
    public async Task ServeAsync(CancellationToken cancel)
    {
        while (await ReadHeadAsync(cancel) is { } head)
        {
            await ReadUntilAsync(head.Length + head.BodyLength, cancel);
            if (head.Awaited is { } events)
            {
                await counts.ReachAsync(events).WaitAsync(cancel);
            }

            var answer = Answer(head);
            Forget(head.Length + head.BodyLength);
            if (options.Latency > TimeSpan.Zero && head.IsCall)
            {
                await Task.Delay(options.Latency, TimeProvider.System, cancel);
            }

            await stream.WriteAsync(answer, cancel);
        }
    }

    sealed record Head(int Length, int BodyLength, bool IsCall, bool IsPut, bool IsPacked, long? Awaited);

    // Null at the end of the connection.
    async Task<Head?> ReadHeadAsync(CancellationToken cancel)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await ReceiveAsync(cancel))
            {
                return null;
            }
        }

        var text = Encoding.ASCII.GetString(_buffer, 0, end);
        const string Length = "Content-Length: ";
        const string Await = "GET /await?events=";
        var line = text.Split("\r\n").FirstOrDefault(one => one.StartsWith(Length, StringComparison.OrdinalIgnoreCase));
        var bodyLength = line is null ? 0 : int.Parse(line.AsSpan(Length.Length), CultureInfo.InvariantCulture);
        return new(
            end + 4, bodyLength, text.StartsWith("POST", StringComparison.Ordinal),
            text.Contains(".PutLogEvents", StringComparison.Ordinal),
            text.Contains("Content-Encoding: gzip", StringComparison.OrdinalIgnoreCase),
            text.StartsWith(Await, StringComparison.Ordinal)
                ? long.Parse(
                    text.AsSpan(Await.Length, text.IndexOf(' ', Await.Length) - Await.Length),
                    CultureInfo.InvariantCulture)
                : null);
    }

    async Task ReadUntilAsync(int length, CancellationToken cancel)
    {
        while (_length < length)
        {
            if (!await ReceiveAsync(cancel))
            {
                throw new InvalidDataException("The connection ended within a request");
            }
        }
    }

    async Task<bool> ReceiveAsync(CancellationToken cancel)
    {
        if (_length == _buffer.Length)
        {
            if (_length >= LongestRequest)
            {
                throw new InvalidDataException("The request is longer than any batch");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var received = await stream.ReadAsync(_buffer.AsMemory(_length), cancel);
        _length += received;
        return received > 0;
    }

    void Forget(int bytes)
    {
        _buffer.AsSpan(bytes, _length - bytes).CopyTo(_buffer);
        _length -= bytes;
    }

    byte[] Answer(Head head)
    {
        if (!head.IsCall)
        {
            return Message("200 OK", counts.ToString());
        }

        var body = _buffer.AsSpan(head.Length, head.BodyLength);
        if (_denied is not null && body[..Math.Min(body.Length, NamesBytes)].IndexOf(_denied) >= 0)
        {
            counts.Deny();
            return Message("400 Bad Request", """{"__type":"AccessDeniedException","message":"not allowed"}""");
        }

        if (!head.IsPut)
        {
            return Message("200 OK", "");
        }

        counts.Take(head.IsPacked ? EventsInPacked(head) : EventsIn(body), body.Length);
        return Message("200 OK", """{"nextSequenceToken":"1"}""");
    }

    static int EventsIn(ReadOnlySpan<byte> body)
    {
        var events = body.IndexOf((byte)'[');
        return events < 0
            ? throw new InvalidDataException("The body holds no list of events")
            : body[events..].Count(EventStart);
    }

    int EventsInPacked(Head head)
    {
        using var packed = new MemoryStream(_buffer, head.Length, head.BodyLength, writable: false);
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        Span<byte> part = stackalloc byte[16 * 1024];
        var events = -1; // the body's own brace
        for (int read; (read = gzip.Read(part)) > 0;)
        {
            events += part[..read].Count(EventStart);
        }

        return events;
    }

    static byte[] Message(string status, string body) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status}\r\nx-amzn-RequestId: 1\r\nDate: {TimeProvider.System.GetUtcNow():R}\r\n"
        + $"Content-Type: application/x-amz-json-1.1\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
