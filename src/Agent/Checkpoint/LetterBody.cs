using System.IO.Compression;

namespace Agent.Checkpoint;

/// <summary>The log events of a dead letter as they are kept: the JSON of a batch, compressed.</summary>
static class LetterBody
{
    // No batch is longer: what is comes from no agent.
    const int MostBytes = 16 << 20;

    public static byte[] Pack(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            foreach (var part in parts)
            {
                gzip.Write(part.Span);
            }
        }

        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var body = new MemoryStream();
        var block = new byte[64 << 10];
        while (gzip.Read(block) is > 0 and var count)
        {
            body.Write(block, 0, count);
            if (body.Length > MostBytes)
            {
                throw new InvalidDataException("a dead letter is longer than any batch");
            }
        }

        return body.ToArray();
    }
}
