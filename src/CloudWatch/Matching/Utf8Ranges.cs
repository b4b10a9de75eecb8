using System.Text;

namespace CloudWatch.Matching;

/// <summary>Says a range of code points as ranges of bytes: U+0080 to U+07FF is C2 to DF followed by 80 to BF.
/// </summary>
static class Utf8Ranges
{
    const int FirstSurrogate = 0xD800;
    const int LastSurrogate = 0xDFFF;

    /// <summary>The last code points of one, two and three bytes.</summary>
    static readonly int[] LastOfLength = [0x7F, 0x7FF, 0xFFFF];

    /// <summary>Sequences of byte ranges; a character of the range is in exactly one. There is none for halves of
    /// pairs, which UTF-8 does not have.</summary>
    public static IEnumerable<(byte First, byte Last)[]> Of(int first, int last)
    {
        var rest = new Stack<(int First, int Last)>([(first, last)]);
        while (rest.TryPop(out var range))
        {
            if (range.First > range.Last)
                continue;

            if (Divide(range) is not var (low, high))
            {
                yield return Bytes(range);
                continue;
            }

            rest.Push(high);
            rest.Push(low);
        }
    }

    // Null where each byte of the characters is independent of the others: all of its range goes with all of theirs.
    static ((int First, int Last) Low, (int First, int Last) High)? Divide((int First, int Last) range)
    {
        var (first, last) = range;
        if (first <= LastSurrogate && last >= FirstSurrogate)
            return ((first, FirstSurrogate - 1), (LastSurrogate + 1, last));

        foreach (var longest in LastOfLength)
        {
            if (first <= longest && last > longest)
                return ((first, longest), (longest + 1, last));
        }

        // Six bits of a character are in each byte behind the first.
        for (var bits = 6; last > 0x7F && bits < 24; bits += 6)
        {
            var low = (1 << bits) - 1;
            if ((first & ~low) == (last & ~low))
                continue;

            if ((first & low) != 0)
                return ((first, first | low), ((first | low) + 1, last));

            if ((last & low) != low)
                return ((first, (last & ~low) - 1), (last & ~low, last));
        }

        return null;
    }

    static (byte First, byte Last)[] Bytes((int First, int Last) range)
    {
        Span<byte> first = stackalloc byte[4];
        Span<byte> last = stackalloc byte[4];
        var bytes = new (byte First, byte Last)[new Rune(range.First).EncodeToUtf8(first)];
        new Rune(range.Last).EncodeToUtf8(last);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (first[i], last[i]);

        return bytes;
    }
}
