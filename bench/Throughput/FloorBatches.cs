using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Throughput;

/// <summary>Makes PutLogEvents bodies of a file's lines: each byte is looked at once, and written where it is sent
/// from.</summary>
/// <param name="send">Takes a finished body.</param>
sealed class FloorBatches(Action<ReadOnlyMemory<byte>> send)
{
    const int BlockBytes = 1 << 20;
    const int MostCountedBytes = 1 << 20;
    const int MostEvents = 10_000;
    const int OverheadBytes = 26; // that the service counts for each event
    const int SlackBytes = 64; // a vector is read and written whole
    const int MostWireBytes = 4 << 20;

    static readonly byte[] Opening = "{\"logGroupName\":\"g\",\"logStreamName\":\"s\",\"logEvents\":["u8.ToArray();
    static readonly byte[] EventStart = ",{\"timestamp\":1763238923000,\"message\":\""u8.ToArray();

    readonly byte[] _block = GC.AllocateUninitializedArray<byte>((2 * BlockBytes) + SlackBytes, pinned: true);
    readonly byte[] _body = GC.AllocateUninitializedArray<byte>(MostWireBytes + SlackBytes, pinned: true);
    int _length;
    int _events;
    int _counted;

    /// <summary>Ships a whole file.</summary>
    /// <returns>Its length in bytes.</returns>
    public long Ship(string path)
    {
        using var file = File.OpenHandle(path);
        var (offset, kept) = (0L, 0);
        while (true)
        {
            var read = RandomAccess.Read(file, _block.AsSpan(kept, BlockBytes), offset);
            if (read == 0)
            {
                break;
            }

            offset += read;
            var taken = Take(kept + read);
            kept = kept + read - taken;
            _block.AsSpan(taken, kept).CopyTo(_block);
        }

        Close();
        return offset - kept;
    }

    // Returns how many of the block's bytes were taken: whole lines.
    int Take(int blockBytes)
    {
        var next = 0;
        while (true)
        {
            Open();
            var end = Append(next, blockBytes);
            if (end < 0)
            {
                return next;
            }

            _counted += end - next - 1 + OverheadBytes;
            if (_counted > MostCountedBytes || _events > MostEvents)
            {
                _length = _before;
                _events--;
                Close();
                continue;
            }

            next = end;
        }
    }

    int _before; // the length without the line that is being written

    void Open()
    {
        if (_length == 0)
        {
            Opening.CopyTo(_body, 0);
            _length = Opening.Length;
            _counted = 0;
        }
    }

    // Writes the line that begins there. Returns where the next begins, or a negative number where it has no end.
    int Append(int from, int blockBytes)
    {
        _before = _length;
        ref var block = ref MemoryMarshal.GetArrayDataReference(_block);
        ref var body = ref MemoryMarshal.GetArrayDataReference(_body);
        var start = EventStart.AsSpan(_events == 0 ? 1 : 0);
        start.CopyTo(_body.AsSpan(_length));
        var (at, to) = (from, _length + start.Length);
        while (at < blockBytes)
        {
            var special = Copy(ref Unsafe.Add(ref block, at), ref Unsafe.Add(ref body, to));
            var plain = special == 0 ? Vector256<byte>.Count : BitOperations.TrailingZeroCount(special);
            (at, to) = (at + plain, to + plain);
            if (special == 0)
            {
                continue;
            }

            if (at >= blockBytes)
            {
                break;
            }

            var value = _block[at++];
            if (value == (byte)'\n')
            {
                _body[to] = (byte)'"';
                _body[to + 1] = (byte)'}';
                _length = to + 2;
                _events++;
                return at;
            }

            to += Escape(value, _body.AsSpan(to));
        }

        return -1;
    }

    // A bit for each byte that cannot stand in a JSON string.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Copy(ref byte from, ref byte to)
    {
        var bytes = Vector256.LoadUnsafe(ref from);
        bytes.StoreUnsafe(ref to);
        return (Vector256.LessThan(bytes, Vector256.Create((byte)0x20))
            | Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
    }

    static int Escape(byte value, Span<byte> to)
    {
        var escape = value switch
        {
            (byte)'"' => "\\\""u8,
            (byte)'\\' => "\\\\"u8,
            (byte)'\t' => "\\t"u8,
            (byte)'\r' => "\\r"u8,
            _ => "\\u0000"u8
        };
        escape.CopyTo(to);
        if (escape.Length == 6)
        {
            to[4] = "0123456789abcdef"u8[value >> 4];
            to[5] = "0123456789abcdef"u8[value & 0xF];
        }

        return escape.Length;
    }

    void Close()
    {
        if (_events == 0)
        {
            return;
        }

        "]}"u8.CopyTo(_body.AsSpan(_length));
        send(_body.AsMemory(0, _length + 2));
        (_length, _events) = (0, 0);
    }
}
