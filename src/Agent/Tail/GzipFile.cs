using System.Buffers.Binary;
using System.IO.Compression;
using Agent.Events;
using Agent.Native;
using Microsoft.Win32.SafeHandles;

namespace Agent.Tail;

/// <summary>A rotated log that was compressed, read as what it held before: offsets count decoded bytes, so that a
/// position taken in the log itself is good here. It is decoded as it is read and kept nowhere; what was decoded and
/// not taken yet waits in a buffer.</summary>
/// <remarks>Source of the format: RFC 1952. A file of several members is read through all of them.</remarks>
sealed class GzipFile : TailedContent
{
    /// <summary>Deflate makes at most 1032 bytes of one, and only of what is all alike: no log is. What claims to hold
    /// more than this is made to fill a disk or to run up a bill.</summary>
    const long MostBytes = 64L << 30;

    const int MostRatio = 500;
    const long SmallEnoughBytes = 1L << 30; // to be let decode whatever its ratio
    const int FirstBytes = 4096; // enough to tell whether it is the one; most are not
    const int TrailerBytes = 4; // ISIZE: the length of the last member, modulo 2^32

    readonly SafeFileHandle _handle;
    readonly GZipStream _decoder;
    readonly byte[] _buffer = new byte[ReadBytes];
    readonly long _lengthBytes;
    readonly uint _trailer;
    int _start;
    int _filled;
    bool _isOver;
    bool _isBroken;

    GzipFile(SafeFileHandle handle, FileFacts facts)
        : base(new(facts.Device, facts.Inode), 0)
    {
        _handle = handle;
        _lengthBytes = facts.LengthBytes;
        Since = facts.Modified; // it was made when the log was compressed, and keeps the time of the log
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        _trailer = RandomAccess.Read(handle, trailer, Math.Max(0, _lengthBytes - TrailerBytes)) == TrailerBytes
            ? BinaryPrimitives.ReadUInt32LittleEndian(trailer)
            : 0;
        _decoder = new(new FileStream(handle, FileAccess.Read, bufferSize: 64 * 1024), CompressionMode.Decompress);
    }

    /// <summary>The length of what it holds, modulo 2^32, unless it is of several members.</summary>
    public uint DecodedLength => _trailer;

    /// <summary>Whether a deleted file may have been compressed into this one. Of what was not read yet only the
    /// beginning, the length and the time tell: gzip and logrotate give the new file the old one's.</summary>
    public bool MayHold(long lengthBytes, DateTimeOffset lastWritten) =>
        (uint)lengthBytes == _trailer && lastWritten.ToUnixTimeSeconds() == Since.ToUnixTimeSeconds();

    public override string? CurrentPath => FileOpening.PathOf(_handle);

    public override bool IsBroken => _isBroken;

    long DecodedBytes => OffsetBytes + _filled - _start;

    /// <summary>Opens one at its beginning.</summary>
    public static GzipFile? TryOpen(string path, out FileFault fault)
    {
        if (FileOpening.TryOpen(path, out var facts, out fault) is not { } handle)
        {
            return null;
        }

        try
        {
            var file = new GzipFile(handle, facts);
            file.Fill(FirstBytes);
            file.KeepStart(file.Waiting[..Math.Min(file.Waiting.Length, ContentPrint.HeadBytes)].ToArray());
            return file;
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            fault = new(-1, e.Message);
            handle.Dispose();
            return null;
        }
    }

    /// <summary>Opens one at a position, provided that it holds what the position was taken in. All before the position
    /// is decoded for that: not for the reader's thread.</summary>
    public static GzipFile? TryResume(string path, FilePosition position, CancellationToken cancel)
    {
        if (position.Head.LengthBytes == 0 || TryOpen(path, out _) is not { } file)
        {
            return null;
        }

        if (file.Holds(position, cancel))
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    public override ReadOutcome Read(Span<byte> block, out ReadOnlySpan<byte> data)
    {
        data = default;
        try
        {
            Fill(_buffer.Length);
            KnownLengthBytes = DecodedBytes;
            data = Waiting;
            return data.IsEmpty ? ReadOutcome.UpToDate : ReadOutcome.Data;
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            Fault = e.Message;
            return ReadOutcome.Failed;
        }
    }

    public override void Advance(ReadOnlySpan<byte> consumed)
    {
        base.Advance(consumed);
        _start += consumed.Length;
    }

    public override void Dispose()
    {
        _decoder.Dispose();
        _handle.Dispose();
    }

    ReadOnlySpan<byte> Waiting => _buffer.AsSpan(_start, _filled - _start);

    bool Holds(FilePosition position, CancellationToken cancel)
    {
        try
        {
            if (ContentPrint.Of(Waiting[..Math.Min(Waiting.Length, position.Head.LengthBytes)]) != position.Head)
            {
                return false;
            }

            Head = position.Head;
            while (OffsetBytes < position.OffsetBytes)
            {
                cancel.ThrowIfCancellationRequested();
                Fill(_buffer.Length);
                if (Waiting.IsEmpty)
                {
                    return false;
                }

                Advance(Waiting[..(int)Math.Min(Waiting.Length, position.OffsetBytes - OffsetBytes)]);
            }

            KnownLengthBytes = OffsetBytes;
            return ContentPrint.Of(Seen[^Math.Min(Seen.Length, position.Anchor.LengthBytes)..]) == position.Anchor;
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            return false;
        }
    }

    // Decodes until so many bytes wait or the end is reached.
    void Fill(int leastBytes)
    {
        Waiting.CopyTo(_buffer);
        (_filled, _start) = (_filled - _start, 0);
        while (!_isOver && _filled < leastBytes)
        {
            var read = Decode();
            _filled += read;
            if (read == 0 && !_isOver)
            {
                End(IsCutShort ? "the compressed file is cut short" : null);
            }
            else if (DecodedBytes > MostBytes
                || (DecodedBytes > SmallEnoughBytes && DecodedBytes / MostRatio > _lengthBytes))
            {
                End("the compressed file decodes to more than any log would");
            }
        }
    }

    int Decode()
    {
        try
        {
            return _decoder.Read(_buffer, _filled, _buffer.Length - _filled);
        }
        catch (InvalidDataException)
        {
            End("the compressed file is damaged");
            return 0;
        }
    }

    // The decoder takes a missing end for the end. What stands last would then be some bytes of the middle: hardly ever
    // the length, and with several members never more than the whole.
    bool IsCutShort => DecodedBytes <= uint.MaxValue && _trailer > DecodedBytes;

    void End(string? fault)
    {
        _isOver = true;
        _isBroken = fault is not null;
        Fault = fault ?? "";
    }
}
