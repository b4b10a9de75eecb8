using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Sink;

/// <summary>One connection that requests come on, one after the other.</summary>
sealed class Connection(Socket socket, Counts counts, TimeSpan latency, string? denied)
{
    // A batch of the longest events that are all escapes, and its head.
    const int LongestRequest = 8 << 20;

    // The benchmarks' lines have none: to look for a whole key costs as much as all the rest.
    const byte EventStart = (byte)'{';

    // Names stand at the beginning of a body.
    const int NamesBytes = 1024;

    readonly byte[]? _denied = denied is null ? null : Encoding.UTF8.GetBytes(denied);
    byte[] _buffer = new byte[1 << 16];
    int _length; // of what is in the buffer

    public async Task ServeAsync()
    {
        using var open = socket;
        try
        {
            while (await ReadHeadAsync() is { } head)
            {
                await ReadUntilAsync(head.Length + head.BodyLength);
                var answer = Answer(head);
                Forget(head.Length + head.BodyLength);
                if (latency > TimeSpan.Zero && head.IsCall)
                {
                    await Task.Delay(latency);
                }

                await socket.SendAsync(answer);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            return; // the other side is gone, or speaks something else
        }
    }

    sealed record Head(int Length, int BodyLength, bool IsCall, bool IsPut);

    // Null at the end of the connection.
    async Task<Head?> ReadHeadAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await ReceiveAsync())
            {
                return null;
            }
        }

        var text = Encoding.ASCII.GetString(_buffer, 0, end);
        const string Length = "Content-Length: ";
        var line = text.Split("\r\n").FirstOrDefault(one => one.StartsWith(Length, StringComparison.OrdinalIgnoreCase));
        var bodyLength = line is null ? 0 : int.Parse(line.AsSpan(Length.Length), CultureInfo.InvariantCulture);
        return new(
            end + 4, bodyLength, text.StartsWith("POST", StringComparison.Ordinal),
            text.Contains(".PutLogEvents", StringComparison.Ordinal));
    }

    async Task ReadUntilAsync(int length)
    {
        while (_length < length)
        {
            if (!await ReceiveAsync())
            {
                throw new InvalidDataException("The connection ended within a request");
            }
        }
    }

    async Task<bool> ReceiveAsync()
    {
        if (_length == _buffer.Length)
        {
            if (_length >= LongestRequest)
            {
                throw new InvalidDataException("The request is longer than any batch");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var received = await socket.ReceiveAsync(_buffer.AsMemory(_length));
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

        var events = body.IndexOf((byte)'[');
        if (events < 0)
        {
            throw new InvalidDataException("The body holds no list of events: it is compressed, it seems");
        }

        counts.Take(body[events..].Count(EventStart), body.Length);
        return Message("200 OK", """{"nextSequenceToken":"1"}""");
    }

    static byte[] Message(string status, string body) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status}\r\nx-amzn-RequestId: 1\r\nDate: {DateTime.UtcNow:R}\r\n"
        + $"Content-Type: application/x-amz-json-1.1\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
