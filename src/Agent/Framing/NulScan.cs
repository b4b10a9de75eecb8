using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Agent.Framing;

/// <summary>Looks for a NUL where there is hardly ever one. The framework's search took a third of all the time that
/// plain lines take (33 of 117 us for a mebibyte, Native AOT); this takes 20.</summary>
static class NulScan
{
    const int VectorBytes = 16;
    const int HalfStepBytes = 4 * VectorBytes;

    public static bool Finds(ReadOnlySpan<byte> text)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        var at = 0;
        for (; at <= text.Length - (2 * HalfStepBytes); at += 2 * HalfStepBytes)
        {
            var least = Vector128.Min(Least(ref first, at), Least(ref first, at + HalfStepBytes));
            if (Vector128.EqualsAny(least, Vector128<byte>.Zero))
            {
                return true;
            }
        }

        return text[at..].Contains((byte)0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Least(ref byte first, int at) => Vector128.Min(
        Vector128.Min(Vector(ref first, at), Vector(ref first, at + VectorBytes)),
        Vector128.Min(
            Vector(ref first, at + (2 * VectorBytes)), Vector(ref first, at + (3 * VectorBytes))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Vector(ref byte first, int at) => Vector128.LoadUnsafe(ref first, (nuint)at);
}
