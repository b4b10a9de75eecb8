using System.IO.Compression;
using Agent.Native;

namespace Agent.Tail;

/// <summary>The files in a folder of the spool: how a segment is written so that it is whole or not there, and read so
/// that damage is noticed.</summary>
/// <remarks>What begins with a dot is no segment, so that <c>zcat *</c> prints what is kept.</remarks>
sealed class SegmentFiles(string folder)
{
    const string StartName = ".start";
    const string WholeName = ".whole";
    const string UnfinishedName = ".unfinished";

    public string Folder => folder;

    /// <summary>Whether the last segment is the end of the file that was deleted.</summary>
    public bool IsWhole => File.Exists(PathOf(WholeName));

    /// <summary>When that file was written to last, where it is whole; else before all others.</summary>
    public DateTimeOffset LastWritten => new(File.GetLastWriteTimeUtc(PathOf(WholeName)));

    /// <summary>By where they begin; of two that begin at the same offset the longer one first.</summary>
    public IEnumerable<SpoolSegment> Find() => !Directory.Exists(folder)
        ? []
        : new DirectoryInfo(folder).EnumerateFiles()
            .Select(SpoolSegment.Of)
            .OfType<SpoolSegment>()
            .OrderBy(segment => segment.FromBytes)
            .ThenByDescending(segment => segment.ToBytes);

    /// <summary>Makes the folder, with the first bytes of the file that was deleted.</summary>
    /// <exception cref="IOException">The disk refuses, as it may in all that follows.</exception>
    public void Begin(ReadOnlySpan<byte> start)
    {
        PrivateFolder.Make(folder);
        Put(StartName, start, isPacked: false);
    }

    /// <summary>Those first bytes; none where they cannot be read.</summary>
    public byte[] ReadStart()
    {
        try
        {
            return File.ReadAllBytes(PathOf(StartName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Writes a segment.</summary>
    /// <returns>The same, with what it takes on disk.</returns>
    public SpoolSegment Write(SpoolSegment segment, ReadOnlySpan<byte> bytes) =>
        segment with { DiskBytes = Put(segment.FileName, bytes, isPacked: true) };

    /// <summary>Says that the last segment is the end.</summary>
    /// <param name="lastWritten">When the file was written to last.</param>
    public void NoteWhole(DateTimeOffset lastWritten) => Put(WholeName, [], isPacked: false, lastWritten);

    /// <summary>Reads a segment, all of it with its checksum before any of it is used.</summary>
    /// <returns>False where it is damaged or missing.</returns>
    public bool TryRead(SpoolSegment segment, Span<byte> decoded)
    {
        try
        {
            using var packed = new GZipStream(File.OpenRead(PathOf(segment.FileName)), CompressionMode.Decompress);
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

    /// <summary>Deletes segments. What cannot be deleted goes with the folder.</summary>
    public void Delete(List<SpoolSegment> segments)
    {
        try
        {
            segments.ForEach(segment => File.Delete(PathOf(segment.FileName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>Deletes the folder. What is being added meanwhile deletes it then; else the next start does.</summary>
    public void DeleteAll()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    string PathOf(string name) => Path.Combine(folder, name);

    // Under its name once all of it is on the disk.
    long Put(string name, ReadOnlySpan<byte> bytes, bool isPacked, DateTimeOffset? lastWritten = null)
    {
        var unfinished = PathOf(UnfinishedName);
        var length = Write(unfinished, bytes, isPacked);
        if (lastWritten is { } time)
        {
            File.SetLastWriteTimeUtc(unfinished, time.UtcDateTime);
        }

        File.Move(unfinished, PathOf(name), overwrite: true);
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
}
