using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Agent.Batch;

/// <summary>UTF-8 text as the inside of a JSON string (RFC 8259, 7).</summary>
/// <remarks>Copied and looked at in one pass: to search first and to copy then reads every byte twice, and costs two
/// calls for each line.</remarks>
static class EscapedText
{
    /// <summary>What one byte becomes at most.</summary>
    public const int LongestEscape = 6;

    /// <summary>The bytes that cannot stand for themselves.</summary>
    public static readonly SearchValues<byte> MustEscape =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    const int Width = 16;

    /// <summary>Copies text to where there is room for it and for a vector more.</summary>
    /// <returns>How many bytes were written; negative where there may not be room enough.</returns>
    public static int TryCopy(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var (at, written) = (0, 0);
        while (to.Length - written >= text.Length - at + Width)
        {
            var plain = CopyPlain(text[at..], to[written..]);
            (at, written) = (at + plain, written + plain);
            if (at == text.Length)
            {
                return written;
            }

            written += Escape(text[at++], to[written..]);
        }

        return -1;
    }

    /// <summary>Copies text up to its first line end, which is not copied, to where there is room for it and for a
    /// vector more.</summary>
    /// <param name="consumed">How many bytes the line takes with its end.</param>
    /// <returns>How many bytes were written; negative where there is no line end or not room enough.</returns>
    public static int TryCopyLine(ReadOnlySpan<byte> text, Span<byte> to, out int consumed)
    {
        (consumed, var written) = (0, 0);
        while (true)
        {
            var window = text[consumed..Math.Clamp(consumed + to.Length - written - Width, consumed, text.Length)];
            var plain = CopyPlain(window, to[written..]);
            if (plain == window.Length)
            {
                return -1;
            }

            (consumed, written) = (consumed + plain + 1, written + plain);
            var value = window[plain];
            if (value == (byte)'\r' && plain + 1 < window.Length && window[plain + 1] == (byte)'\n')
            {
                consumed++;
                return written;
            }

            if (value == (byte)'\n')
            {
                return written;
            }

            written += Escape(value, to[written..]);
        }
    }

    /// <summary>Writes a byte that cannot stand for itself.</summary>
    /// <returns>How many bytes it became.</returns>
    public static int Escape(byte value, Span<byte> to)
    {
        to[0] = (byte)'\\';
        to[1] = value switch
        {
            (byte)'"' or (byte)'\\' => value,
            (byte)'\b' => (byte)'b',
            (byte)'\t' => (byte)'t',
            (byte)'\n' => (byte)'n',
            (byte)'\f' => (byte)'f',
            (byte)'\r' => (byte)'r',
            _ => (byte)'u'
        };
        if (to[1] != (byte)'u')
        {
            return 2;
        }

        to[2] = to[3] = (byte)'0';
        to[4] = "0123456789abcdef"u8[value >> 4];
        to[5] = "0123456789abcdef"u8[value & 0xF];
        return LongestEscape;
    }

    // Up to the first byte that must be escaped; what is written behind it is written over later.
    static int CopyPlain(ReadOnlySpan<byte> text, Span<byte> to)
    {
        ref var source = ref MemoryMarshal.GetReference(text);
        ref var target = ref MemoryMarshal.GetReference(to);
        var at = 0;
        for (; at <= text.Length - Width; at += Width)
        {
            var special = CopyVector(ref source, ref target, at);
            if (special != 0)
            {
                return at + BitOperations.TrailingZeroCount(special);
            }
        }

        if (text.Length < Width)
        {
            return CopyFew(text, to);
        }

        // The last vector again covers bytes that are copied already.
        var last = text.Length - Width;
        var rest = CopyVector(ref source, ref target, last) >> (at - last);
        return rest == 0 ? text.Length : at + BitOperations.TrailingZeroCount(rest);
    }

    static int CopyFew(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var at = 0;
        while (at < text.Length && !MustEscape.Contains(text[at]))
        {
            to[at] = text[at];
            at++;
        }

        return at;
    }

    // A bit for each byte that must be escaped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint CopyVector(ref byte source, ref byte target, int at)
    {
        var bytes = Vector128.LoadUnsafe(ref source, (nuint)at);
        bytes.StoreUnsafe(ref target, (nuint)at);
        return (Vector128.LessThan(bytes, Vector128.Create((byte)0x20))
            | Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits();
    }
}
