using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Agent.Commands;

/// <summary>The lines of a stream, or the last of them, without their line ends.</summary>
static class LinesFromTheEnd
{
    /// <param name="last">How many; 0 for all, each as soon as it is read.</param>
    public static async IAsyncEnumerable<byte[]> ReadAsync(
        Stream stream, int last, [EnumeratorCancellation] CancellationToken cancel)
    {
        var kept = new Queue<byte[]>();
        await foreach (var line in AllAsync(stream, cancel))
        {
            if (last == 0)
            {
                yield return line;
                continue;
            }

            if (kept.Count == last)
            {
                kept.Dequeue();
            }

            kept.Enqueue(line);
        }

        foreach (var line in kept)
        {
            yield return line;
        }
    }

    static async IAsyncEnumerable<byte[]> AllAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = PipeReader.Create(stream, new(leaveOpen: true));
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return Trimmed(rest.Slice(0, end));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (!rest.IsEmpty)
                {
                    yield return Trimmed(rest);
                }

                yield break;
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }
    }

    static byte[] Trimmed(ReadOnlySequence<byte> line)
    {
        var bytes = line.ToArray();
        return bytes is [.. var text, (byte)'\r'] ? text : bytes;
    }
}
