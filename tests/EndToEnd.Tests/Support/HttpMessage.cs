using System.Globalization;
using System.Text;

namespace EndToEnd.Tests.Support;

/// <summary>One HTTP/1.1 request as it came over a connection: head and body, byte for byte.</summary>
/// <param name="Head">The request line and the headers.</param>
sealed record HttpMessage(string Head, byte[] Body)
{
    const int MostHeadBytes = 16 << 10;

    public IEnumerable<(string Name, string Value)> Headers =>
        from line in Head.Split("\r\n").Skip(1)
        let colon = line.IndexOf(':', StringComparison.Ordinal)
        where colon > 0
        select (line[..colon], line[(colon + 1)..].Trim());

    public string Path => Head.Split(' ')[1];

    public string? this[string header] =>
        Headers.FirstOrDefault(one => one.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The next request; null once the other side has closed.</summary>
    public static async Task<HttpMessage?> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var buffer = new byte[MostHeadBytes];
        var (length, end) = (0, -1);
        while ((end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = length == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0)
            {
                return null;
            }

            length += read;
        }

        var request = new HttpMessage(Encoding.ASCII.GetString(buffer, 0, end), []);
        var body = new byte[int.Parse(request["Content-Length"] ?? "0", CultureInfo.InvariantCulture)];
        var early = buffer.AsMemory(end + 4, Math.Min(length - end - 4, body.Length));
        early.CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(early.Length), cancel);
        return request with { Body = body };
    }
}
