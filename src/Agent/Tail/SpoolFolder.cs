using System.Buffers;

namespace Agent.Tail;

/// <summary>What is kept of one deleted file: which segments of it. One thread adds, one reads, one lets go of what is
/// delivered; none of them waits for another's files.</summary>
sealed class SpoolFolder
{
    readonly Lock _lock = new();
    readonly SegmentFiles _files;
    readonly List<SpoolSegment> _segments = [];
    bool _isDropped;
    bool _isWhole;
    long _endBytes;
    string? _fault;

    /// <summary>Takes in what is there. Nothing is made before something is kept.</summary>
    public SpoolFolder(string path)
    {
        _files = new(path);
        foreach (var segment in _files.Find())
        {
            if (segment.ToBytes <= _endBytes)
            {
                _files.Delete([segment]); // it became part of a longer one, and a kill came between
                continue;
            }

            _segments.Add(segment);
            _endBytes = segment.ToBytes;
        }

        _isWhole = _files.IsWhole;
    }

    public string Path => _files.Folder;

    /// <summary>The offset after the last byte that was kept.</summary>
    public long EndBytes => Volatile.Read(ref _endBytes);

    /// <summary>Whether the rest of the file is here to its end.</summary>
    public bool IsWhole => Volatile.Read(ref _isWhole);

    /// <summary>When the file was written to last, where all of its rest is here; else before all others.</summary>
    public DateTimeOffset LastWritten => _files.LastWritten;

    /// <summary>The file's first bytes.</summary>
    public byte[] Start => _files.ReadStart();

    /// <summary>Why no more can be kept; null while it can.</summary>
    public string? Fault
    {
        get => Volatile.Read(ref _fault);
        set => Volatile.Write(ref _fault, value);
    }

    public long DiskBytes
    {
        get
        {
            lock (_lock)
            {
                return _segments.Sum(segment => segment.DiskBytes);
            }
        }
    }

    /// <summary>Where the last segment begins, if more would fit into it: it is made anew then, so that a file that
    /// grows line by line does not become a thousand segments. Else where it ends.</summary>
    public long NextBytes
    {
        get
        {
            lock (_lock)
            {
                return _segments is [.., { LengthBytes: < SpoolSegment.MostBytes / 2 } last]
                    ? last.FromBytes
                    : _endBytes;
            }
        }
    }

    /// <summary>Makes the folder, where nobody else may look into it, with the file's first bytes.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Begin(ReadOnlySpan<byte> start) => _files.Begin(start);

    /// <summary>Keeps what stands at an offset. On the disk when this returns.</summary>
    /// <returns>False once the folder was dropped: nobody needs it any more.</returns>
    /// <exception cref="IOException">The disk refuses; nothing is kept then.</exception>
    public bool TryAdd(long fromBytes, ReadOnlySpan<byte> bytes)
    {
        SpoolSegment segment;
        try
        {
            segment = _files.Write(new(fromBytes, fromBytes + bytes.Length, 0), bytes);
        }
        catch (DirectoryNotFoundException) when (IsDropped)
        {
            return false;
        }

        if (Replace(segment) is { } replaced)
        {
            _files.Delete(replaced);
            return true;
        }

        _files.DeleteAll();
        return false;
    }

    /// <summary>The rest of the file is here to its end.</summary>
    /// <param name="lastWritten">When that was written.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void NoteWhole(DateTimeOffset lastWritten)
    {
        _files.NoteWhole(lastWritten);
        Volatile.Write(ref _isWhole, true);
    }

    /// <summary>Reads what stands at an offset, out of one segment.</summary>
    /// <returns>How many bytes; 0 where they are not here, or damaged.</returns>
    /// <exception cref="IOException">The disk fails.</exception>
    public int ReadAt(long offsetBytes, Span<byte> destination)
    {
        if (Find(offsetBytes) is not { } segment || offsetBytes < segment.FromBytes)
        {
            return 0;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(segment.LengthBytes);
        try
        {
            var decoded = buffer.AsSpan(0, segment.LengthBytes);
            if (!_files.TryRead(segment, decoded))
            {
                return 0;
            }

            decoded = decoded[(int)(offsetBytes - segment.FromBytes)..];
            var length = Math.Min(destination.Length, decoded.Length);
            decoded[..length].CopyTo(destination);
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Where what is here goes on after bytes that are not, or are damaged.</summary>
    public long NextAfter(long offsetBytes) =>
        Find(offsetBytes) is not { } segment ? EndBytes
        : offsetBytes < segment.FromBytes ? segment.FromBytes
        : segment.ToBytes;

    /// <summary>Lets go of what ends before an offset.</summary>
    public void DropBefore(long offsetBytes)
    {
        List<SpoolSegment> dropped;
        lock (_lock)
        {
            dropped = _segments.FindAll(segment => segment.ToBytes <= offsetBytes);
            _segments.RemoveAll(segment => segment.ToBytes <= offsetBytes);
        }

        _files.Delete(dropped);
    }

    /// <summary>Lets go of all of it, also of what is being added.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            _isDropped = true;
            _segments.Clear();
        }

        _files.DeleteAll();
    }

    bool IsDropped
    {
        get
        {
            lock (_lock)
            {
                return _isDropped;
            }
        }
    }

    // What it took the place of; null once the folder was dropped.
    List<SpoolSegment>? Replace(SpoolSegment segment)
    {
        lock (_lock)
        {
            if (_isDropped)
            {
                return null;
            }

            var replaced = _segments.FindAll(one => one.FromBytes >= segment.FromBytes);
            _segments.RemoveAll(one => one.FromBytes >= segment.FromBytes);
            _segments.Add(segment);
            Volatile.Write(ref _endBytes, segment.ToBytes);
            return replaced;
        }
    }

    // The first that ends after an offset: they are in order.
    SpoolSegment? Find(long offsetBytes)
    {
        lock (_lock)
        {
            var (low, high) = (0, _segments.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _segments[middle].ToBytes > offsetBytes ? (low, middle) : (middle + 1, high);
            }

            return low < _segments.Count ? _segments[low] : null;
        }
    }
}
