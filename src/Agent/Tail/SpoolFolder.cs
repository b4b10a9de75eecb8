using System.Buffers;
using System.IO.Compression;

namespace Agent.Tail;

/// <summary>What is kept of one deleted file: the segments in a folder. One thread adds, one reads, one lets go of what
/// is delivered.</summary>
sealed class SpoolFolder
{
    const string WholeName = "whole";

    readonly Lock _lock = new();
    readonly List<SpoolSegment> _segments;
    bool _isDropped;

    SpoolFolder(string path, IEnumerable<SpoolSegment> segments)
    {
        Path = path;
        _segments = [.. segments.OrderBy(segment => segment.FromBytes)];
        EndBytes = _segments.Select(segment => segment.ToBytes).DefaultIfEmpty().Max();
        DiskBytes = _segments.Sum(segment => segment.DiskBytes);
    }

    public string Path { get; }

    /// <summary>The offset after the last byte that was kept.</summary>
    public long EndBytes { get; private set; }

    /// <summary>Whether the rest of the file is here to its end.</summary>
    public bool IsWhole => File.Exists(WholePath);

    /// <summary>When the file was written to last, where all of its rest is here.</summary>
    public DateTimeOffset LastWritten => new(File.GetLastWriteTimeUtc(WholePath));

    public long DiskBytes { get; private set; }

    string WholePath => System.IO.Path.Combine(Path, WholeName);

    /// <summary>Opens a folder, or makes it: nobody else may read what is in it.</summary>
    public static SpoolFolder Open(string path)
    {
        MakePrivate(path);
        return new(path, new DirectoryInfo(path).EnumerateFiles().Select(SpoolSegment.Of).OfType<SpoolSegment>());
    }

    /// <summary>Keeps what stands at an offset. On the disk when this returns.</summary>
    /// <returns>False once the folder was dropped: nobody needs it any more.</returns>
    /// <exception cref="IOException">The disk refuses; nothing is kept then.</exception>
    public bool TryAdd(long fromBytes, ReadOnlySpan<byte> bytes)
    {
        var segment = new SpoolSegment(fromBytes, fromBytes + bytes.Length, 0);
        var path = PathOf(segment);
        try
        {
            segment = segment with { DiskBytes = Write(path, bytes) };
        }
        catch (IOException) when (IsDropped)
        {
            return false;
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }

        lock (_lock)
        {
            if (!_isDropped)
            {
                _segments.Add(segment);
                EndBytes = segment.ToBytes;
                DiskBytes += segment.DiskBytes;
                return true;
            }
        }

        Delete();
        return false;
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

    /// <summary>The rest of the file is here to its end.</summary>
    /// <param name="lastWritten">When that was written.</param>
    public void NoteWhole(DateTimeOffset lastWritten)
    {
        File.WriteAllBytes(WholePath, []);
        File.SetLastWriteTimeUtc(WholePath, lastWritten.UtcDateTime);
    }

    /// <summary>Reads what stands at an offset, out of one segment.</summary>
    /// <returns>How many bytes; 0 where they are not here, or damaged.</returns>
    public int ReadAt(long offsetBytes, Span<byte> destination)
    {
        var found = Find(segment => segment.FromBytes <= offsetBytes && offsetBytes < segment.ToBytes);
        if (found is not { } segment)
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
        Find(segment => segment.FromBytes <= offsetBytes && offsetBytes < segment.ToBytes)?.ToBytes
        ?? Find(segment => segment.FromBytes > offsetBytes)?.FromBytes ?? EndBytes;

    /// <summary>Lets go of what ends before an offset.</summary>
    public void DropBefore(long offsetBytes)
    {
        List<SpoolSegment> dropped;
        lock (_lock)
        {
            dropped = _segments.FindAll(segment => segment.ToBytes <= offsetBytes);
            _segments.RemoveAll(segment => segment.ToBytes <= offsetBytes);
            DiskBytes -= dropped.Sum(segment => segment.DiskBytes);
        }

        dropped.ForEach(segment => File.Delete(PathOf(segment)));
    }

    /// <summary>Lets go of all of it, also of what is being added.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            _isDropped = true;
            _segments.Clear();
            DiskBytes = 0;
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

    SpoolSegment? Find(Predicate<SpoolSegment> isIt)
    {
        lock (_lock)
        {
            var index = _segments.FindIndex(isIt);
            return index < 0 ? null : _segments[index];
        }
    }

    string PathOf(SpoolSegment segment) => System.IO.Path.Combine(Path, segment.FileName);

    static long Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            packed.Write(bytes);
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
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
