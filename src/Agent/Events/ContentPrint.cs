using System.Security.Cryptography;

namespace Agent.Events;

/// <summary>A hash of a stretch of a file, kept with its length so that the same stretch can be hashed again. It
/// recognises content where device and inode cannot: in a copy, or after a reboot that renumbered devices.</summary>
readonly record struct ContentPrint(int LengthBytes, ulong High, ulong Low)
{
    /// <summary>The most of a file's beginning that is hashed. There is no least: a log that was just rotated is
    /// short, and its first lines matter.</summary>
    public const int HeadBytes = 256;

    /// <summary>The most of what stands before a position that is hashed.</summary>
    public const int AnchorBytes = 64;

    /// <summary>The print of a stretch; of an empty one, the default.</summary>
    public static ContentPrint Of(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return default;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new(content.Length, BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]));
    }
}
