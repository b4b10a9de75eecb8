using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CloudWatch.Matching;

/// <summary>The one text with which an expression goes on.</summary>
/// <param name="text">Empty where there are several.</param>
readonly struct Chain(byte[] text)
{
    // Most are short, and a call costs more than to compare a word.
    readonly ulong _word = WordOf(text);
    readonly ulong _mask = text.Length >= sizeof(ulong) ? ulong.MaxValue : (1ul << (8 * text.Length)) - 1;

    public int Length => text.Length;

    public byte Last => text[^1];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Begins(ReadOnlySpan<byte> rest) => rest.Length < sizeof(ulong)
        ? rest.StartsWith(text)
        : ((BinaryPrimitives.ReadUInt64LittleEndian(rest) ^ _word) & _mask) == 0
            && (text.Length <= sizeof(ulong) || rest.StartsWith(text));

    static ulong WordOf(ReadOnlySpan<byte> text)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        word.Clear();
        text[..Math.Min(text.Length, word.Length)].CopyTo(word);
        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    }
}
