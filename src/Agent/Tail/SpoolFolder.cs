using System.Buffers;
using System.IO.Compression;

namespace Agent.Tail;

/// <summary>What is kept of one deleted file: segments of it in a folder. One thread adds, one reads, one lets go of
/// what is delivered.</summary>
/// <remarks>What begins with a dot is no segment, so that <c>zcat *</c> prints what is kept.</remarks>
sealed class SpoolFolder
{
    const string StartName = ".start";
    const string WholeName = ".whole";
    const string UnfinishedName = ".unfinished";

    readonly Lock _lock = new();
    readonly List<SpoolSegment> _segments = [];
    bool _isDropped;
    bool _isWhole;
    long _endBytes;
    string? _fault;

    public SpoolFolder(string path)
    {
        Path = path;
        if (!Directory.Exists(path))
        {
            return; // made with the first segment
        }

        foreach (var segment in SegmentsIn(path))
        {
            if (segment.ToBytes <= _endBytes)
            {
                File.Delete(PathOf(segment)); // it became part of a longer one, and a kill came between
                continue;
            }

            _segments.Add(segment);
            _endBytes = segment.ToBytes;
        }

        _isWhole = File.Exists(System.IO.Path.Combine(path, WholeName));
    }

    public string Path { get; }

    /// <summary>The offset after the last byte that was kept.</summary>
    public long EndBytes => Volatile.Read(ref _endBytes);

    /// <summary>Whether the rest of the file is here to its end.</summary>
    public bool IsWhole => Volatile.Read(ref _isWhole);

    /// <summary>When the file was written to last, where all of its rest is here; else before all others.</summary>
    public DateTimeOffset LastWritten => new(File.GetLastWriteTimeUtc(System.IO.Path.Combine(Path, WholeName)));

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

    /// <summary>The file's first bytes.</summary>
    public byte[] ReadStart()
    {
        try
        {
            return File.ReadAllBytes(System.IO.Path.Combine(Path, StartName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Makes the folder, where nobody else may look into it, with the file's first bytes.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Begin(ReadOnlySpan<byte> start)
    {
        MakePrivate(Path);
        Put(StartName, start, isPacked: false, default);
    }

    /// <summary>Keeps what stands at an offset. On the disk when this returns.</summary>
    /// <returns>False once the folder was dropped: nobody needs it any more.</returns>
    /// <exception cref="IOException">The disk refuses; nothing is kept then.</exception>
    public bool TryAdd(long fromBytes, ReadOnlySpan<byte> bytes)
    {
        var segment = new SpoolSegment(fromBytes, fromBytes + bytes.Length, 0);
        try
        {
            segment = segment with { DiskBytes = Put(segment.FileName, bytes, isPacked: true, default) };
        }
        catch (DirectoryNotFoundException) when (IsDropped)
        {
            return false;
        }

        var replaced = Replace(segment);
        replaced?.ForEach(one => File.Delete(PathOf(one)));
        if (replaced is null)
        {
            Delete();
        }

        return replaced is not null;
    }

    // Null once the folder was dropped.
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

    /// <summary>The rest of the file is here to its end.</summary>
    /// <param name="lastWritten">When that was written.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void NoteWhole(DateTimeOffset lastWritten)
    {
        Put(WholeName, [], isPacked: false, lastWritten);
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
            if (!TryDecode(PathOf(segment), decoded))
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

        try
        {
            dropped.ForEach(segment => File.Delete(PathOf(segment)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // it goes with the folder
        }
    }

    /// <summary>Lets go of all of it, also of what is being added.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            _isDropped = true;
            _segments.Clear();
        }

        Delete();
    }

    /// <summary>Makes a folder that only this user may look into.</summary>
    public static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
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

    // Of two that begin at the same offset the longer one first.
    static IEnumerable<SpoolSegment> SegmentsIn(string path) => new DirectoryInfo(path).EnumerateFiles()
        .Select(SpoolSegment.Of)
        .OfType<SpoolSegment>()
        .OrderBy(segment => segment.FromBytes)
        .ThenByDescending(segment => segment.ToBytes);

    void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something is being added, which deletes it then; or the next start does.
            return;
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

    string PathOf(SpoolSegment segment) => System.IO.Path.Combine(Path, segment.FileName);

    // Under its name once all of it is on the disk.
    long Put(string name, ReadOnlySpan<byte> bytes, bool isPacked, DateTimeOffset lastWritten)
    {
        var unfinished = System.IO.Path.Combine(Path, UnfinishedName);
        var length = Write(unfinished, bytes, isPacked);
        if (lastWritten != default)
        {
            File.SetLastWriteTimeUtc(unfinished, lastWritten.UtcDateTime);
        }

        File.Move(unfinished, System.IO.Path.Combine(Path, name), overwrite: true);
        return length;
    }

    static long Write(string path, ReadOnlySpan<byte> bytes, bool isPacked)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        using (var packed = isPacked ? new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true) : null)
        {
            (packed ?? (Stream)file).Write(bytes);
        }

        file.Flush(flushToDisk: true);
        return file.Length;
    }

    // All of it, with its checksum, before any of it is used.
    static bool TryDecode(string path, Span<byte> decoded)
    {
        try
        {
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            return packed.ReadAtLeast(decoded, decoded.Length, throwOnEndOfStream: false) == decoded.Length
                && packed.ReadByte() < 0;
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e); // not for ever, it may be
        }
    }
}
