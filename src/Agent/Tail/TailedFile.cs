using Agent.Events;
using Agent.Native;
using Microsoft.Win32.SafeHandles;

namespace Agent.Tail;

/// <summary>One file and how far it was read. Every read begins a little before the offset and compares what it
/// finds there with what it saw last time: a file that was truncated and has regrown past the offset would otherwise
/// go on in the middle of somebody else's line. Check and data come from one system call, so nothing can slip
/// in between.</summary>
/// <remarks>Its handle may be released and taken again: what was read is known by then, and a file that took its
/// place has another identity or other bytes before the offset.</remarks>
sealed class TailedFile : TailedContent
{
    const int NewlineSearchBytes = 64 * 1024;

    SafeFileHandle? _handle;
    (long FromBytes, long? ToBytes, string Reason)? _cut;
    DateTimeOffset _modified; // as of when the handle was given back

    TailedFile(SafeFileHandle handle, FileFacts facts, long offsetBytes)
        : base(new(facts.Device, facts.Inode), offsetBytes)
    {
        _handle = handle;
        KnownLengthBytes = facts.LengthBytes;
        Since = facts.Born ?? facts.Modified;
    }

    /// <summary>Whether the handle was given back: nothing can be read until it is taken again.</summary>
    public bool IsReleased => _handle is null;

    /// <summary>The path the file has now, or null once it has none, or while the handle is released.</summary>
    public override string? CurrentPath => _handle is { } handle ? FileOpening.PathOf(handle) : null;

    SafeFileHandle Handle => _handle ?? throw new InvalidOperationException("the handle is released");

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

        if (!isSameContent)
        {
            file.Dispose();
        }

        return isSameContent ? file : null;
    }

    /// <summary>Whether the file begins as a print says, and has another one's bytes before an offset.</summary>
    public bool HasPrints(ContentPrint head, (long OffsetBytes, ContentPrint Before) mark) => IsCertain(() =>
        head.LengthBytes <= KnownLengthBytes && HashAt(0, head.LengthBytes) == head
        && HashAt(mark.OffsetBytes - mark.Before.LengthBytes, mark.Before.LengthBytes) == mark.Before);

    /// <summary>Passes over what the file held when it was so long: up to where its last line without line end began. A
    /// file that is shorter by now is not that file any more.</summary>
    /// <param name="unitBytes">Of a character's smallest part: a line ends where one does.</param>
    public void PassOver(long lengthBytes, int unitBytes = 1)
    {
        var tail = new byte[Math.Min(lengthBytes, NewlineSearchBytes)];
        if (KnownLengthBytes < lengthBytes || TryReadAt(lengthBytes - tail.Length, tail) is not { } read)
        {
            return; // read from its beginning then: more than was asked for, and nothing lost
        }

        var lineEnd = tail.AsSpan(0, read).LastIndexOf((byte)'\n');
        var first = lengthBytes - tail.Length;
        var end = first + (lineEnd < 0 ? read : lineEnd + 1);
        end = Math.Min(first + read, end + ((unitBytes - (end % unitBytes)) % unitBytes));
        SkipTo(end, tail.AsSpan(0, (int)(end - first)));
    }

    /// <summary>Gives the handle back; what was read stays known.</summary>
    public void Release()
    {
        _modified = _handle is not null && FileFacts.TryOf(_handle, out var facts, out _) ? facts.Modified : _modified;
        _handle?.Dispose();
        _handle = null;
    }

    /// <summary>Whether the file, closed as it is, is not what it was by what a look at it tells.</summary>
    public override bool HasChanged(long lengthBytes, DateTimeOffset modified) =>
        lengthBytes != KnownLengthBytes || modified != _modified;

    /// <summary>Takes a handle again, provided that the path still names this file.</summary>
    /// <param name="fault">Why not; without fault another file is there, be it with the inode of this one.</param>
    public bool TryReopen(string path, out FileFault fault)
    {
        if (FileOpening.TryOpen(path, out var facts, out fault) is not { } handle)
        {
            return false;
        }

        if (new FileIdentity(facts.Device, facts.Inode) == Identity && (facts.Born ?? Since) == Since)
        {
            _handle = handle;
            return true;
        }

        handle.Dispose();
        return false;
    }

    public override int ReadStart(Span<byte> start) => TryReadAt(0, start) ?? 0;

    /// <summary>Whether this file's first bytes are the other's, going by the head and by what stands before their
    /// end.</summary>
    public bool HoldsTheSameAs(TailedFile other, long lengthBytes)
    {
        var head = (int)Math.Min(lengthBytes, ContentPrint.HeadBytes);
        return IsCertain(() => HashAt(0, head) == other.HashAt(0, head)
            && HashAt(lengthBytes - head, head) == other.HashAt(lengthBytes - head, head));
    }

    public override bool IsPackedIn(GzipFile packed) =>
        AsDeleted() is { } deleted && packed.MayHold(deleted.LengthBytes, deleted.LastWritten)
        && HasPrints(packed.Head, default);

    public override ReadOutcome Read(Span<byte> block, out ReadOnlySpan<byte> data)
    {
        data = default;
        try
        {
            if (!IsStillWhatItWas())
            {
                return ReadOutcome.Truncated;
            }

            var seen = Seen;
            var read = RandomAccess.Read(Handle, block[..(seen.Length + ReadBytes)], OffsetBytes - seen.Length);
            if (read < seen.Length || !block[..seen.Length].SequenceEqual(seen))
            {
                return ReadOutcome.Truncated;
            }

            data = block[seen.Length..read];
            KnownLengthBytes = Math.Max(KnownLengthBytes, OffsetBytes + data.Length);
            return data.IsEmpty ? ReadOutcome.UpToDate : ReadOutcome.Data;
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            Fault = e.Message;
            return ReadOutcome.Failed;
        }
    }

    public override bool TryGoBackTo(FilePosition position)
    {
        var before = new byte[position.Anchor.LengthBytes];
        if (IsReleased || position.OffsetBytes > OffsetBytes || !IsCertain(() => IsStillWhatItWas() && HoldsFurthest()
            && RandomAccess.Read(Handle, before, position.OffsetBytes - before.Length) == before.Length
            && ContentPrint.Of(before) == position.Anchor))
        {
            return false;
        }

        GoBackTo(position.OffsetBytes, before);
        return true;
    }

    public override bool IsTruncated() => IsCertain(() => !IsReleased && !IsStillWhatItWas());

    public override bool HoldsHandle => !IsReleased;

    public override bool IsLengthKnown => true;

    /// <summary>The file, if it has no name any more.</summary>
    public DeletedFile? AsDeleted() => _handle is { } handle ? DeletedFile.Of(handle) : null;

    public override bool IsForsaken => _handle is { } handle && Writers.AreGone(handle);

    public override (long FromBytes, long? ToBytes, string Reason)? TakeCut()
    {
        (var cut, _cut) = (_cut, null);
        return cut;
    }

    public override void Dispose() => Release();

    bool Holds(FilePosition position)
    {
        if (KnownLengthBytes < position.OffsetBytes)
        {
            return false;
        }

        LearnHead(position.Head.LengthBytes);
        if (Head != position.Head)
        {
            return false;
        }

        Span<byte> before = stackalloc byte[position.Anchor.LengthBytes];
        if (RandomAccess.Read(Handle, before, position.OffsetBytes - before.Length) != before.Length
            || ContentPrint.Of(before) != position.Anchor)
        {
            return false;
        }

        See(before);
        return true;
    }

    bool IsStillWhatItWas()
    {
        if (!FileFacts.TryOf(Handle, out var facts, out var fault))
        {
            throw new IOException(fault.Text);
        }

        if (facts.LengthBytes < FurthestBytes || HashAt(0, Head.LengthBytes) != Head
            || (FurthestBytes > OffsetBytes && !HoldsFurthest()))
        {
            return false;
        }

        // What was read still stands, only the rest is shorter: a writer took back what it had not finished.
        if (facts.LengthBytes < KnownLengthBytes)
        {
            _cut = (facts.LengthBytes, KnownLengthBytes, "the file was cut to a shorter length before this was read");
        }

        KnownLengthBytes = facts.LengthBytes;
        if (Head.LengthBytes < ContentPrint.HeadBytes && Head.LengthBytes < KnownLengthBytes)
        {
            LearnHead((int)Math.Min(ContentPrint.HeadBytes, KnownLengthBytes));
        }

        return true;
    }

    bool HoldsFurthest() =>
        HashAt(FurthestBytes - Furthest.LengthBytes, Furthest.LengthBytes) == Furthest;

    static bool IsCertain(Func<bool> isTrue)
    {
        try
        {
            return isTrue();
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            return false;
        }
    }

    int? TryReadAt(long offsetBytes, Span<byte> bytes)
    {
        try
        {
            return RandomAccess.Read(Handle, bytes, offsetBytes);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            return null;
        }
    }

    void LearnHead(int lengthBytes)
    {
        var start = new byte[lengthBytes];
        KeepStart(start[..RandomAccess.Read(Handle, start, 0)]);
    }

    ContentPrint HashAt(long offsetBytes, int lengthBytes) => HandlePrint.At(Handle, offsetBytes, lengthBytes);
}
