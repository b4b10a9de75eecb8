using System.Buffers.Binary;

namespace Agent.Events;

/// <summary>How an event stands in a block where it is not told by its line ends: when it was, in milliseconds since
/// 1970, UTC (8 bytes); how long it is (4 bytes); its text, valid UTF-8.</summary>
static class EventRecord
{
    public const int HeadBytes = sizeof(long) + sizeof(int);

    public static void WriteHead(Span<byte> record, long stamp, int textBytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(record, stamp);
        BinaryPrimitives.WriteInt32LittleEndian(record[sizeof(long)..], textBytes);
    }

    /// <summary>The text of the record that a block begins with.</summary>
    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> block, out long stamp)
    {
        stamp = BinaryPrimitives.ReadInt64LittleEndian(block);
        return block.Slice(HeadBytes, BinaryPrimitives.ReadInt32LittleEndian(block[sizeof(long)..]));
    }
}
