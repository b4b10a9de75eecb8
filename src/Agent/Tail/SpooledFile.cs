using Agent.Events;
using Agent.Native;

namespace Agent.Tail;

/// <summary>A deleted file as the spool kept it, read as if it were there: at the same offsets. Nothing of it stays
/// open between two reads.</summary>
sealed class SpooledFile : TailedContent
{
    readonly SpoolFolder _folder;
    (long FromBytes, long? ToBytes, string Reason)? _cut;

    SpooledFile(SpoolFolder folder, FileIdentity identity, FilePosition position)
        : base(identity, position.OffsetBytes)
    {
        _folder = folder;
        Head = position.Head;
        KnownLengthBytes = Math.Max(folder.EndBytes, position.OffsetBytes);
        Since = folder.LastWritten;
        Fault = IsBroken ? "the file was deleted, and what may have been written to it later is not in the spool" : "";
    }

    public override string? CurrentPath => _folder.Path;

    public override bool HoldsHandle => false;

    public override bool IsBroken => !_folder.IsWhole;

    /// <summary>Opens one at a position that was taken in the file itself.</summary>
    /// <returns>Null where it is of another file, going by its beginning and by what stands before the
    /// position.</returns>
    public static SpooledFile? TryOpen(SpoolFolder folder, FilePosition position)
    {
        // The folder is what it is known by: the file's own number is given to the next that is made.
        if (!FileFacts.TryOf(folder.Path, out var facts, out _))
        {
            return null;
        }

        var file = new SpooledFile(folder, new(facts.Device, facts.Inode), position);
        return file.HasStartOf(position) && file.HasSeenBefore(position) ? file : null;
    }

    public override ReadOutcome Read(Span<byte> block, out ReadOnlySpan<byte> data)
    {
        data = default;
        try
        {
            while (OffsetBytes < _folder.EndBytes)
            {
                var filled = Fill(block[..ReadBytes], OffsetBytes);
                if (filled > 0)
                {
                    data = block[..filled];
                    return ReadOutcome.Data;
                }

                var next = _folder.NextAfter(OffsetBytes);
                _cut = (_cut?.FromBytes ?? OffsetBytes, next, $"what the spool held of it is damaged: {_folder.Path}");
                SkipTo(next, []);
            }

            return ReadOutcome.UpToDate;
        }
        catch (IOException e)
        {
            Fault = e.Message;
            return ReadOutcome.Failed;
        }
    }

    public override bool TryGoBackTo(FilePosition position)
    {
        if (position.OffsetBytes > OffsetBytes)
        {
            return false;
        }

        var before = new byte[position.Anchor.LengthBytes];
        try
        {
            if (Fill(before, position.OffsetBytes - before.Length) != before.Length
                || ContentPrint.Of(before) != position.Anchor)
            {
                return false;
            }
        }
        catch (IOException)
        {
            return false;
        }

        GoBackTo(position.OffsetBytes, before);
        return true;
    }

    public override (long FromBytes, long? ToBytes, string Reason)? TakeCut()
    {
        (var cut, _cut) = (_cut, null);
        return cut;
    }

    public override bool IsPackedIn(GzipFile packed) =>
        _folder.IsWhole && packed.MayHold(_folder.EndBytes, Since) && Head == packed.Head;

    public override void Dispose()
    {
    }

    bool HasStartOf(FilePosition position)
    {
        var start = _folder.Start;
        if (start.Length < position.Head.LengthBytes)
        {
            return true; // nothing tells, and the folder's name must do
        }

        KeepStart(start);
        return ContentPrint.Of(start.AsSpan(0, position.Head.LengthBytes)) == position.Head;
    }

    bool HasSeenBefore(FilePosition position)
    {
        try
        {
            var before = new byte[position.Anchor.LengthBytes];
            if (Fill(before, position.OffsetBytes - before.Length) == before.Length)
            {
                See(before);
                return ContentPrint.Of(before) == position.Anchor;
            }

            return true; // it is damaged
        }
        catch (IOException)
        {
            return true; // to be met when it is read
        }
    }

    // Up to where something is missing.
    int Fill(Span<byte> block, long offsetBytes)
    {
        var filled = 0;
        while (filled < block.Length && _folder.ReadAt(offsetBytes + filled, block[filled..]) is > 0 and var read)
        {
            filled += read;
        }

        return filled;
    }
}
