using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Agent.Framing;

/// <summary>What the characters of an encoding are made of: 1, 2 or 4 bytes. Line ends and NULs are found by whole
/// units, on the raw bytes: in UTF-16 a byte 0A may be half of a letter.</summary>
readonly record struct CodeUnit(int Bytes, bool IsBigEndian)
{
    public static readonly CodeUnit Byte = new(1, IsBigEndian: false);

    /// <summary>Where the first unit of this value begins; negative when there is none.</summary>
    public int IndexOf(ReadOnlySpan<byte> raw, byte value) => Bytes switch
    {
        1 => raw.IndexOf(value),
        2 => MemoryMarshal.Cast<byte, ushort>(raw).IndexOf(InMemory((ushort)value)) * 2,
        _ => MemoryMarshal.Cast<byte, uint>(raw).IndexOf(InMemory((uint)value)) * 4
    };

    /// <summary>How many bytes of NULs the text begins with.</summary>
    public int LeadingNulBytes(ReadOnlySpan<byte> raw)
    {
        var whole = raw[..(raw.Length / Bytes * Bytes)];
        var end = Bytes switch
        {
            1 => whole.IndexOfAnyExcept((byte)0),
            2 => MemoryMarshal.Cast<byte, ushort>(whole).IndexOfAnyExcept((ushort)0) * 2,
            _ => MemoryMarshal.Cast<byte, uint>(whole).IndexOfAnyExcept(0u) * 4
        };
        return end < 0 ? whole.Length : end;
    }

    /// <summary>The first unit of a text that has one.</summary>
    public uint First(ReadOnlySpan<byte> raw) => Bytes switch
    {
        1 => raw[0],
        2 => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(raw) : BinaryPrimitives.ReadUInt16LittleEndian(raw),
        _ => IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(raw) : BinaryPrimitives.ReadUInt32LittleEndian(raw)
    };

    /// <summary>The line without the carriage return before its line feed.</summary>
    public ReadOnlySpan<byte> WithoutCarriageReturn(ReadOnlySpan<byte> line) =>
        line.Length >= Bytes && First(line[^Bytes..]) == '\r' ? line[..^Bytes] : line;

    /// <summary>Whether the unit is white space as RE2 syntax has it (\s).</summary>
    /// <remarks>Asked of each line's beginning, which hardly ever is.</remarks>
    public static bool IsWhite(uint unit) => unit <= ' ' && unit is (' ' or '\t' or '\n' or '\f' or '\r');

    /// <summary>The same of single bytes.</summary>
    public static SearchValues<byte> White { get; } = SearchValues.Create(" \t\n\f\r"u8);

    ushort InMemory(ushort value) =>
        IsBigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    uint InMemory(uint value) =>
        IsBigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
