using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Agent.Native;

/// <summary>What the kernel says of a file: which one it is, how long, and since when.</summary>
/// <param name="Device">Major number in the upper, minor number in the lower 32 bits.</param>
/// <param name="LengthBytes">The size now.</param>
/// <param name="Links">How many names it has; 0 once it was deleted.</param>
/// <param name="Owner">The user it belongs to; 0 is root.</param>
/// <param name="Mode">The type and the permissions, as in stat(2).</param>
/// <param name="Modified">When its content was last written, by the clock of the machine that keeps the file.</param>
/// <param name="Born">When it was made; null where the file system does not keep that.</param>
readonly record struct FileFacts(
    ulong Device, ulong Inode, long LengthBytes, uint Links, uint Owner, ushort Mode,
    DateTimeOffset Modified, DateTimeOffset? Born)
{
    const ushort TypeMask = 0xf000; // S_IFMT
    const ushort RegularType = 0x8000; // S_IFREG
    const ushort FolderType = 0x4000; // S_IFDIR
    const ushort LinkType = 0xa000; // S_IFLNK
    const ushort WritableByOthers = 0x12; // S_IWGRP | S_IWOTH

    const int AtWorkingDirectory = -100; // AT_FDCWD
    const int AtEmptyPath = 0x1000; // AT_EMPTY_PATH: the handle itself
    const int AtNoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    const uint BirthTime = 0x800; // STATX_BTIME
    const int Asked = 0x7ff | (int)BirthTime; // STATX_BASIC_STATS too
    const int StatxBytes = 256;

    /// <summary>The facts of what a path names, links followed. On failure, why: see <see cref="FileFault"/>.</summary>
    public static bool TryOf(string path, out FileFacts facts, out FileFault fault) =>
        TryStatx(AtWorkingDirectory, path, 0, out facts, out fault);

    public bool IsRegular => (Mode & TypeMask) == RegularType;

    public bool IsFolder => (Mode & TypeMask) == FolderType;

    public bool IsLink => (Mode & TypeMask) == LinkType;

    /// <summary>Whether somebody but root may put files into this folder.</summary>
    public bool IsOpenToOthers => Owner != 0 || (Mode & WritableByOthers) != 0;

    /// <summary>The facts of a path itself, be it a link.</summary>
    public static bool TryOfLink(string path, out FileFacts facts) => TryOfLink(path, out facts, out _);

    /// <summary>The same, and on failure why.</summary>
    public static bool TryOfLink(string path, out FileFacts facts, out FileFault fault) =>
        TryStatx(AtWorkingDirectory, path, AtNoFollow, out facts, out fault);

    /// <summary>The facts of an open file.</summary>
    public static bool TryOf(SafeFileHandle handle, out FileFacts facts, out FileFault fault) =>
        TryStatx((int)handle.DangerousGetHandle(), "", AtEmptyPath, out facts, out fault);

    static bool TryStatx(int directory, string path, int flags, out FileFacts facts, out FileFault fault)
    {
        Span<byte> buffer = stackalloc byte[StatxBytes];
        if (Libc.SystemCall(StatxNumber, directory, path, flags, Asked, buffer) != 0)
        {
            facts = default;
            fault = FileFault.Of(Marshal.GetLastPInvokeError());
            return false;
        }

        facts = Read(buffer);
        fault = default;
        return true;
    }

    // The offsets of struct statx: see statx(2) and linux/stat.h; they are the same on every architecture.
    static FileFacts Read(ReadOnlySpan<byte> statx) => new(
        ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(statx[136..]) << 32)
            | BinaryPrimitives.ReadUInt32LittleEndian(statx[140..]),
        BinaryPrimitives.ReadUInt64LittleEndian(statx[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(statx[40..]),
        BinaryPrimitives.ReadUInt32LittleEndian(statx[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(statx[20..]),
        BinaryPrimitives.ReadUInt16LittleEndian(statx[28..]),
        ReadTime(statx[112..]),
        (BinaryPrimitives.ReadUInt32LittleEndian(statx) & BirthTime) != 0 ? ReadTime(statx[80..]) : null);

    // A file may bear any time: its owner sets it. What no calendar holds is the calendar's first or last day.
    static DateTimeOffset ReadTime(ReadOnlySpan<byte> time)
    {
        var seconds = BinaryPrimitives.ReadInt64LittleEndian(time);
        return seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() ? DateTimeOffset.MinValue
            : seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.MaxValue
            : DateTimeOffset.FromUnixTimeSeconds(seconds)
                .AddTicks(BinaryPrimitives.ReadUInt32LittleEndian(time[8..]) / TimeSpan.NanosecondsPerTick);
    }

    static nint StatxNumber => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 332 : 291;
}
