namespace Agent.Framing;

/// <summary>The bytes at a file's start that tell its encoding.</summary>
static class ByteOrderMark
{
    /// <summary>The longest mark.</summary>
    public const int LongestBytes = 4;

    // The longer ones first: UTF-32's begins like UTF-16's.
    static readonly (byte[] Bytes, string Encoding)[] Marks =
    [
        ([0xFF, 0xFE, 0x00, 0x00], "utf-32"),
        ([0x00, 0x00, 0xFE, 0xFF], "utf-32BE"),
        ([0xEF, 0xBB, 0xBF], "utf-8"),
        ([0xFF, 0xFE], "utf-16"),
        ([0xFE, 0xFF], "utf-16BE")
    ];

    /// <param name="head">The file's first bytes.</param>
    /// <param name="allowsUtf32">UTF-32 is configured. Where it is not, its mark is that of UTF-16 and a NUL, as the
    /// WHATWG has it, and NULs alone are the hole that a truncation left.</param>
    /// <returns>The mark's length and the encoding it tells; 0 and null when there is none.</returns>
    public static (int Bytes, string? Encoding) Of(ReadOnlySpan<byte> head, bool allowsUtf32)
    {
        foreach (var (bytes, encoding) in Marks)
        {
            if (head.StartsWith(bytes) && (allowsUtf32 || bytes.Length < LongestBytes))
            {
                return (bytes.Length, encoding);
            }
        }

        return (0, null);
    }

    /// <summary>Whether more bytes could make a mark of these, or a longer one.</summary>
    public static bool MayFollow(ReadOnlySpan<byte> head, bool allowsUtf32)
    {
        foreach (var (bytes, _) in Marks)
        {
            if (head.Length < bytes.Length && bytes.AsSpan().StartsWith(head)
                && (allowsUtf32 || bytes.Length < LongestBytes))
            {
                return true;
            }
        }

        return false;
    }
}
