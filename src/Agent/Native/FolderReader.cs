using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Agent.Native;

/// <summary>What a folder says of an entry without a look at the entry itself.</summary>
enum EntryKind
{
    /// <summary>The file system does not say.</summary>
    Unknown,
    Regular,
    Folder,
    Link,

    /// <summary>A pipe, a device or a socket.</summary>
    Other
}

/// <summary>Reads the names in a folder. The kernel is asked itself: a name is bytes to it, and one that is no valid
/// UTF-8 can be told from one that is; a listing that breaks off half-way says so; and the kind of each entry comes
/// for nothing.</summary>
sealed class FolderReader : IDisposable
{
    const int BufferBytes = 32 * 1024; // some 800 names a call
    const int NameStart = 19; // struct linux_dirent64: inode, offset, length of the record, kind, name
    const int LongestNameBytes = 4096; // NAME_MAX is 255, but user-space file systems may know longer ones

    readonly SafeFileHandle _handle;
    readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    readonly char[] _name = ArrayPool<char>.Shared.Rent(LongestNameBytes);
    int _next;
    int _end;
    int _nameChars;

    FolderReader(SafeFileHandle handle) => _handle = handle;

    /// <summary>The name last read; where it is no valid UTF-8, with U+FFFD in the place of what is wrong.</summary>
    public ReadOnlySpan<char> Name => _name.AsSpan(0, _nameChars);

    public EntryKind Kind { get; private set; }

    /// <summary>No valid UTF-8: no path that a string can hold leads to this entry.</summary>
    public bool IsMangled { get; private set; }

    /// <summary>Why the listing broke off before its end; the default when it did not.</summary>
    public FileFault Fault { get; private set; }

    public static FolderReader? TryOpen(string path, out FileFault fault)
    {
        var fd = Libc.Open(path, Libc.ReadOnly | Libc.OnlyFolder | Libc.NonBlocking | Libc.CloseOnExec);
        fault = fd < 0 ? FileFault.Of(Marshal.GetLastPInvokeError()) : default;
        return fd < 0 ? null : new(new SafeFileHandle(fd, ownsHandle: true));
    }

    /// <summary>Goes on to the next entry. False at the end, and when the listing broke off.</summary>
    public bool TryNext()
    {
        while (_next < _end || TryFill())
        {
            var entry = _buffer.AsSpan(_next, BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_next + 16)));
            _next += entry.Length;
            var name = entry[NameStart..];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                Take(name, entry[NameStart - 1]);
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        _handle.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<char>.Shared.Return(_name);
    }

    bool TryFill()
    {
        var read = Libc.SystemCall(ListNumber, _handle.DangerousGetHandle(), _buffer, BufferBytes);
        if (read < 0)
        {
            Fault = FileFault.Of(Marshal.GetLastPInvokeError());
        }

        (_next, _end) = (0, (int)Math.Max(read, 0));
        return _end > 0;
    }

    void Take(ReadOnlySpan<byte> name, byte kind)
    {
        IsMangled = !System.Text.Unicode.Utf8.IsValid(name);
        _nameChars = Encoding.UTF8.GetChars(name, _name);
        Kind = kind switch
        {
            0 => EntryKind.Unknown,
            4 => EntryKind.Folder, // DT_DIR
            8 => EntryKind.Regular, // DT_REG
            10 => EntryKind.Link, // DT_LNK
            _ => EntryKind.Other
        };
    }

    // getdents64
    static nint ListNumber => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61;
}
