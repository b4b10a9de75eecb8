using System.Globalization;

namespace Agent.Tail;

/// <summary>A stretch of a deleted file in a file of its own, which is named by its range: gzip brings the checksum,
/// and <c>zcat *</c> the whole.</summary>
/// <param name="FromBytes">The offset of its first byte in the file that was deleted.</param>
/// <param name="ToBytes">The offset after its last byte.</param>
/// <param name="DiskBytes">What it takes compressed.</param>
readonly record struct SpoolSegment(long FromBytes, long ToBytes, long DiskBytes)
{
    /// <summary>What one holds at most, decoded.</summary>
    public const int MostBytes = 1 << 20;

    const string Extension = ".gz";

    /// <summary>As long as the longest offset, so that the names' order is the segments'.</summary>
    const int Digits = 19;

    public string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{FromBytes:D19}-{ToBytes:D19}{Extension}");

    public int LengthBytes => (int)(ToBytes - FromBytes);

    /// <summary>The segment that a file is by its name; null where it is none.</summary>
    public static SpoolSegment? Of(FileInfo file)
    {
        var name = file.Name;
        return name.Length == (2 * Digits) + 1 + Extension.Length && name[Digits] == '-'
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && TryParse(name.AsSpan(0, Digits), out var from) && TryParse(name.AsSpan(Digits + 1, Digits), out var to)
            && to > from && to - from <= MostBytes
            ? new(from, to, file.Length)
            : null;
    }

    static bool TryParse(ReadOnlySpan<char> digits, out long offset) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out offset);
}
