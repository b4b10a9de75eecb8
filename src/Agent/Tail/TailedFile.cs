using Agent.Events;
using Agent.Native;
using Microsoft.Win32.SafeHandles;

namespace Agent.Tail;

/// <summary>One open file and how far it was read. Every read begins a little before the offset and compares what it
/// finds there with what it saw last time: a file that was truncated and has regrown past the offset would otherwise
/// go on in the middle of somebody else's line. Check and data come from one system call, so nothing can slip
/// in between.</summary>
sealed class TailedFile : IDisposable
{
    /// <summary>The most that one read brings. The longest log event fits with its line end.</summary>
    public const int ReadBytes = 1 << 20;

    /// <summary>What the buffer handed to <see cref="Read"/> must hold.</summary>
    public const int BlockBytes = ReadBytes + ContentPrint.AnchorBytes;

    readonly SafeFileHandle _handle;
    readonly byte[] _seen = new byte[ContentPrint.AnchorBytes];
    int _seenBytes;
    (long FromBytes, long ToBytes)? _cut;

    TailedFile(SafeFileHandle handle, FileFacts facts, long offsetBytes)
    {
        _handle = handle;
        Identity = new(facts.Device, facts.Inode);
        OffsetBytes = offsetBytes;
        KnownLengthBytes = facts.LengthBytes;
    }

    public FileIdentity Identity { get; }

    /// <summary>The next byte to read.</summary>
    public long OffsetBytes { get; private set; }

    /// <summary>The longest the file was ever seen to be: what is beyond the offset is lost if it is truncated
    /// now.</summary>
    public long KnownLengthBytes { get; private set; }

    /// <summary>The file's beginning, as far as it is known.</summary>
    public ContentPrint Head { get; private set; }

    /// <summary>What stands right before the offset.</summary>
    public ContentPrint Anchor => ContentPrint.Of(_seen.AsSpan(0, _seenBytes));

    /// <summary>Why the last read failed.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The path the file has now, or null once it has none.</summary>
    public string? CurrentPath => FileOpening.PathOf(_handle);

    /// <summary>Opens a file at its beginning.</summary>
    public static TailedFile? TryOpen(string path, out FileFault fault)
    {
        if (FileOpening.TryOpen(path, out var facts, out fault) is not { } handle)
        {
            return null;
        }

        var file = new TailedFile(handle, facts, 0);
        file.IsTruncated(); // for what it learns of the beginning: reading may have to wait
        return file;
    }

    /// <summary>Opens a file at a position, provided that its content is what the position was taken in: the same
    /// beginning, the same bytes before the offset, and no shorter.</summary>
    /// <param name="isSameContent">Whether it was; null is returned when not, or when it cannot be opened.</param>
    public static TailedFile? TryResume(string path, FilePosition position, out bool isSameContent, out FileFault fault)
    {
        isSameContent = false;
        if (FileOpening.TryOpen(path, out var facts, out fault) is not { } handle)
        {
            return null;
        }

        var file = new TailedFile(handle, facts, position.OffsetBytes);
        try
        {
            isSameContent = file.Holds(position);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            fault = new(-1, e.Message);
        }

        if (isSameContent)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Reads what follows the offset. The data is a part of the block and good until the next read.</summary>
    public ReadOutcome Read(Span<byte> block, out ReadOnlySpan<byte> data)
    {
        data = default;
        try
        {
            if (!IsStillWhatItWas())
            {
                return ReadOutcome.Truncated;
            }

            var read = RandomAccess.Read(_handle, block[..(_seenBytes + ReadBytes)], OffsetBytes - _seenBytes);
            if (read < _seenBytes || !block[.._seenBytes].SequenceEqual(_seen.AsSpan(0, _seenBytes)))
            {
                return ReadOutcome.Truncated;
            }

            data = block[_seenBytes..read];
            KnownLengthBytes = Math.Max(KnownLengthBytes, OffsetBytes + data.Length);
            return data.IsEmpty ? ReadOutcome.UpToDate : ReadOutcome.Data;
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            Fault = e.Message;
            return ReadOutcome.Failed;
        }
    }

    /// <summary>Looks without reading, for a reader that has no room: how long the file has become is all that will be
    /// known of it should it be truncated before it is read.</summary>
    /// <returns>Whether it was truncated or rewritten already.</returns>
    public bool IsTruncated()
    {
        try
        {
            return !IsStillWhatItWas();
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            return false;
        }
    }

    /// <summary>Bytes that were seen to exist and were cut off again before they were read; told once.</summary>
    public (long FromBytes, long ToBytes)? TakeCut()
    {
        var cut = _cut;
        _cut = null;
        return cut;
    }

    /// <summary>Moves the offset past bytes that were read.</summary>
    public void Advance(ReadOnlySpan<byte> consumed)
    {
        OffsetBytes += consumed.Length;
        if (consumed.Length >= _seen.Length)
        {
            consumed[^_seen.Length..].CopyTo(_seen);
            _seenBytes = _seen.Length;
            return;
        }

        var kept = Math.Min(_seenBytes, _seen.Length - consumed.Length);
        _seen.AsSpan(_seenBytes - kept, kept).CopyTo(_seen);
        consumed.CopyTo(_seen.AsSpan(kept));
        _seenBytes = kept + consumed.Length;
    }

    public void Dispose() => _handle.Dispose();

    // A network file system may take a permission away from an open file.
    static bool IsOfTheDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    bool Holds(FilePosition position)
    {
        if (KnownLengthBytes < position.OffsetBytes || HashAt(0, position.Head.LengthBytes) != position.Head
            || HashAt(position.OffsetBytes - position.Anchor.LengthBytes, position.Anchor.LengthBytes)
                != position.Anchor)
        {
            return false;
        }

        Head = position.Head;
        _seenBytes = position.Anchor.LengthBytes;
        return RandomAccess.Read(_handle, _seen.AsSpan(0, _seenBytes), OffsetBytes - _seenBytes) == _seenBytes;
    }

    bool IsStillWhatItWas()
    {
        if (!FileFacts.TryOf(_handle, out var facts, out var fault))
        {
            throw new IOException(fault.Text);
        }

        if (facts.LengthBytes < OffsetBytes || HashAt(0, Head.LengthBytes) != Head)
        {
            return false;
        }

        // What was read still stands, only the rest is shorter: a writer took back what it had not finished.
        if (facts.LengthBytes < KnownLengthBytes)
        {
            _cut = (facts.LengthBytes, KnownLengthBytes);
        }

        KnownLengthBytes = facts.LengthBytes;
        if (Head.LengthBytes < ContentPrint.HeadBytes && Head.LengthBytes < KnownLengthBytes)
        {
            Head = HashAt(0, (int)Math.Min(ContentPrint.HeadBytes, KnownLengthBytes));
        }

        return true;
    }

    ContentPrint HashAt(long offsetBytes, int lengthBytes)
    {
        if (lengthBytes == 0)
        {
            return default;
        }

        Span<byte> content = stackalloc byte[ContentPrint.HeadBytes];
        var read = offsetBytes < 0 ? 0 : RandomAccess.Read(_handle, content[..lengthBytes], offsetBytes);
        return ContentPrint.Of(content[..read]);
    }
}
