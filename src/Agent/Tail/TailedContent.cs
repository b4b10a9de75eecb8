using Agent.Events;

namespace Agent.Tail;

/// <summary>Bytes that are read in order, how far they were read, and prints of what was read: by these the same
/// content is recognised elsewhere, in a copy or after a restart.</summary>
abstract class TailedContent : IDisposable
{
    /// <summary>The most that one read brings. The longest log event fits with its line end.</summary>
    public const int ReadBytes = 1 << 20;

    /// <summary>What the buffer handed to <see cref="Read"/> must hold.</summary>
    public const int BlockBytes = ReadBytes + ContentPrint.AnchorBytes;

    // The distance of two marks, as a share of what lies before them: some 200 for a gigabyte.
    const int MarkShare = 16;

    readonly List<(long OffsetBytes, ContentPrint Before)> _marks = [];
    readonly byte[] _seen = new byte[ContentPrint.AnchorBytes];
    byte[] _start = []; // that the head is the print of: what is shorter can be told by nothing else
    int _seenBytes;
    (long OffsetBytes, ContentPrint Before) _furthest; // that was read before it was gone back

    protected TailedContent(FileIdentity identity, long offsetBytes)
    {
        Identity = identity;
        OffsetBytes = offsetBytes;
    }

    public FileIdentity Identity { get; }

    /// <summary>Tells files of one log apart by age: when it was made, or written to where that is all that is known.
    /// </summary>
    public DateTimeOffset Since { get; protected init; }

    /// <summary>The next byte to read.</summary>
    public long OffsetBytes { get; private set; }

    /// <summary>The longest it was ever seen to be: what is beyond the offset is lost if it is truncated
    /// now.</summary>
    public long KnownLengthBytes { get; protected set; }

    /// <summary>Whether what is beyond the offset and within the known length is there to be read.</summary>
    public virtual bool IsLengthKnown => false;

    /// <summary>What the offset is called where bytes are not counted; null where they are.</summary>
    public virtual string? Place => null;

    /// <summary>The beginning, as far as it is known.</summary>
    public ContentPrint Head { get; protected set; }

    /// <summary>What stands right before the offset.</summary>
    public ContentPrint Anchor => ContentPrint.Of(Seen);

    /// <summary>The print of the beginning, no longer than a copy is.</summary>
    public ContentPrint HeadIn(long copyBytes) =>
        copyBytes < _start.Length ? ContentPrint.Of(_start.AsSpan(0, (int)copyBytes)) : Head;

    /// <summary>Why the last read failed, or why it ends before its time.</summary>
    public string Fault { get; protected set; } = "";

    /// <summary>Whether it ends here though there should be more: the rest cannot be read by anybody.</summary>
    public virtual bool IsBroken => false;

    /// <summary>Whether it was deleted and nobody can write to it any more.</summary>
    public virtual bool IsForsaken => false;

    /// <summary>Whether it takes an open file.</summary>
    public virtual bool HoldsHandle => true;

    /// <summary>Whether it is closed and not what it was, by what a look at it tells.</summary>
    public virtual bool HasChanged(long lengthBytes, DateTimeOffset modified) => false;

    /// <summary>Whether the file was compressed into that one, and deleted then.</summary>
    public virtual bool IsPackedIn(GzipFile packed) => false;

    /// <summary>The path it has now, or null once it has none.</summary>
    public abstract string? CurrentPath { get; }

    /// <summary>Whether a file may be a copy of this: it holds what was read here last, or ends before it.</summary>
    public bool MayBeCopiedIn(TailedFile copy) =>
        _furthest.OffsetBytes <= OffsetBytes || copy.KnownLengthBytes < _furthest.OffsetBytes
        || copy.HasPrints(default, _furthest);

    /// <summary>Up to where it was read, be it that it was gone back since.</summary>
    protected long FurthestBytes => Math.Max(_furthest.OffsetBytes, OffsetBytes);

    /// <summary>The print of what stands before that.</summary>
    protected ContentPrint Furthest => _furthest.OffsetBytes > OffsetBytes ? _furthest.Before : Anchor;

    /// <summary>The bytes right before the offset.</summary>
    protected ReadOnlySpan<byte> Seen => _seen.AsSpan(0, _seenBytes);

    /// <summary>The first bytes, as many as are known.</summary>
    public virtual int ReadStart(Span<byte> start)
    {
        var known = _start.AsSpan(0, Math.Min(_start.Length, start.Length));
        known.CopyTo(start);
        return known.Length;
    }

    /// <summary>Reads what follows the offset. The data is good until the next read.</summary>
    public abstract ReadOutcome Read(Span<byte> block, out ReadOnlySpan<byte> data);

    /// <summary>Goes back to where it was read before, provided that what was read still stands there.</summary>
    /// <returns>Whether it did.</returns>
    public virtual bool TryGoBackTo(FilePosition position) => false;

    /// <summary>Looks without reading, for a reader that has no room: how long it has become is all that will be known
    /// of it should it be truncated before it is read.</summary>
    /// <returns>Whether it was truncated or rewritten already.</returns>
    public virtual bool IsTruncated() => false;

    /// <summary>Whether a shorter file holds what was read here, as a copy does that was made before the last lines
    /// were written. The content itself may be gone: it is compared with prints taken on the way.</summary>
    public bool HasRead(TailedFile shorter)
    {
        if (shorter._start.Length == shorter.KnownLengthBytes)
        {
            return shorter.KnownLengthBytes <= OffsetBytes && _start.AsSpan().StartsWith(shorter._start);
        }

        var mark = _marks.FindLastIndex(mark => mark.OffsetBytes <= shorter.KnownLengthBytes);
        return mark >= 0 && shorter.KnownLengthBytes <= OffsetBytes && shorter.HasPrints(Head, _marks[mark]);
    }

    /// <summary>Bytes that were seen to exist and are gone or damaged before they were read, and how; told once.
    /// </summary>
    public virtual (long FromBytes, long? ToBytes, string Reason)? TakeCut() => null;

    /// <summary>Moves the offset past bytes that were read.</summary>
    public virtual void Advance(ReadOnlySpan<byte> consumed)
    {
        while (OffsetBytes + consumed.Length >= NextMark)
        {
            var before = (int)(NextMark - OffsetBytes);
            See(consumed[..before]);
            OffsetBytes += before;
            _marks.Add((OffsetBytes, Anchor));
            consumed = consumed[before..];
        }

        See(consumed);
        OffsetBytes += consumed.Length;
    }

    // Where reading goes on in the middle of a file, its first mark is there.
    long NextMark
    {
        get
        {
            var last = _marks.Count == 0 ? 0 : _marks[^1].OffsetBytes;
            return Math.Max(OffsetBytes, last + Math.Max(_seen.Length, last / MarkShare));
        }
    }

    public abstract void Dispose();

    /// <summary>Learns the beginning.</summary>
    protected void KeepStart(byte[] start)
    {
        _start = start;
        Head = ContentPrint.Of(start);
    }

    /// <summary>Remembers what stands before the offset.</summary>
    protected void See(ReadOnlySpan<byte> consumed)
    {
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

    /// <summary>Stands further up again.</summary>
    /// <param name="seen">The bytes right before the new offset.</param>
    protected void GoBackTo(long offsetBytes, ReadOnlySpan<byte> seen)
    {
        _furthest = (FurthestBytes, Furthest); // only by this it is known for the same until it is read again
        OffsetBytes = offsetBytes;
        _seenBytes = 0;
        See(seen);
    }

    /// <summary>Starts further on, past bytes that are not to be read.</summary>
    /// <param name="seen">The bytes right before the new offset, as far as they are at hand.</param>
    protected void SkipTo(long offsetBytes, ReadOnlySpan<byte> seen)
    {
        OffsetBytes = offsetBytes;
        _seenBytes = 0;
        See(seen);
    }

    /// <summary>A network file system may take a permission away from an open file.</summary>
    protected static bool IsOfTheDisk(Exception e) => e is IOException or UnauthorizedAccessException;
}
