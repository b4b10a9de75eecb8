using Agent.Discovery;
using Agent.Events;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Who reads which file for which destination. However many patterns, links and names lead to a file, its
/// lines go to a stream once. What was finished is remembered too: under a new name it is no new file. For one reader
/// thread.</summary>
sealed class Claims(string bootId)
{
    readonly Dictionary<(FileIdentity File, string Destination), Source> _held = [];
    readonly Dictionary<(ulong Inode, string Destination), Finished> _finished = [];
    readonly Dictionary<FileIdentity, (DateTimeOffset Since, long LengthBytes)> _copies = [];

    readonly HashSet<(FileIdentity File, DateTimeOffset Since, string Destination)> _packed = [];

    /// <summary>A row, and the file of its inode that was looked into last.</summary>
    sealed class Finished(FilePosition position)
    {
        public FilePosition Position => position;
        public (FileIdentity File, DateTimeOffset Since)? Compared { get; set; }
        public bool IsSame { get; set; }
    }

    /// <summary>How many files were finished, by this run or the ones before.</summary>
    public int FinishedCount { get; private set; }

    /// <summary>Who reads a file for a destination; null when nobody does.</summary>
    public Source? HolderOf(FileIdentity file, string destination) => _held.GetValueOrDefault((file, destination));

    /// <summary>False when another source reads it.</summary>
    public bool TryTake(FileIdentity file, string destination, Source holder) =>
        _held.TryAdd((file, destination), holder) || _held[(file, destination)] == holder;

    public void GiveBack(FileIdentity file, string destination, Source holder)
    {
        if (HolderOf(file, destination) == holder)
        {
            _held.Remove((file, destination));
        }
    }

    /// <summary>A source reads nothing any more.</summary>
    public void GiveBackAll(Source holder)
    {
        foreach (var (claim, _) in _held.Where(one => one.Value == holder).ToList())
        {
            _held.Remove(claim);
        }
    }

    /// <summary>Remembers a file that was read to its end.</summary>
    public void Finish(FilePosition position, string destination)
    {
        _finished[(position.Identity.Inode, destination)] = new(position);
        FinishedCount++;
    }

    /// <summary>Where a file was finished; null when it was not, as far as is known. An inode may have been given to
    /// another file since, so the content is compared, once for each file.</summary>
    /// <param name="since">When the file was made, or written to where that is all that is known.</param>
    public FilePosition? FinishedAt(FileIdentity file, DateTimeOffset since, string path, string destination)
    {
        if (_finished.GetValueOrDefault((file.Inode, destination)) is not { Position.OffsetBytes: > 0 } finished
            || (finished.Position.BootId == bootId && finished.Position.Identity.Device != file.Device))
        {
            return null;
        }

        if (finished.Compared != (file, since))
        {
            using var same = TailedFile.TryResume(path, finished.Position, out var isSame, out var fault);
            finished.Compared = fault == default ? (file, since) : null; // tried again
            finished.IsSame = isSame;
        }

        return finished.IsSame ? finished.Position : null;
    }

    /// <summary>How far the files are, or were, read that sources of their own read under the rotated names of a log,
    /// or of which the log has one itself: where a pattern matches those, what lies in a compressed file may be any of
    /// them.</summary>
    public IEnumerable<FilePosition> ReadAsRotated(string path, string destination)
    {
        var held = LivesOf(path, destination).Select(life => life.Lane.ReadPosition);
        var finished = _finished
            .Where(one => one.Key.Destination == destination && IsOfOneLog(one.Value.Position.SourcePath, path))
            .Select(one => one.Value.Position);
        return held.Concat(finished);
    }

    /// <summary>Whether a file that one of those sources has open was compressed into another, and deleted then.
    /// </summary>
    public bool IsPackedFromOpen(GzipFile packed, string path, string destination) =>
        LivesOf(path, destination).Any(life => life.IsPackedIn(packed));

    IEnumerable<Life> LivesOf(string path, string destination) => _held
        .Where(one => one.Key.Destination == destination && IsOfOneLog(one.Value.Path, path))
        .Select(one => one.Value)
        .Distinct()
        .SelectMany(source => source.Lives);

    static bool IsOfOneLog(string one, string other) => RotatedName.Is(one, other) || RotatedName.Is(other, one);

    /// <summary>Remembers that a file is a copy of what is read, or was, up to its length: once the log is truncated
    /// nothing tells any more.</summary>
    /// <param name="since">As for <see cref="FinishedAt"/>: an inode may be given to another file.</param>
    public void NoteCopy(FileIdentity file, DateTimeOffset since, long lengthBytes) =>
        _copies[file] = (since, lengthBytes);

    /// <summary>Whether a file is such a copy and has not grown since.</summary>
    public bool IsCopy(FileIdentity file, DateTimeOffset since, long lengthBytes) =>
        _copies.TryGetValue(file, out var known) && known == (since, lengthBytes);

    /// <summary>Remembers that a compressed file is read, what was read of it in another form before included: whoever
    /// comes upon it next has nothing to do.</summary>
    public void NoteBegun(GzipFile packed, string destination) =>
        _packed.Add((packed.Identity, packed.Since, destination));

    public bool IsBegun(GzipFile packed, string destination) =>
        _packed.Contains((packed.Identity, packed.Since, destination));

    /// <summary>Forgets that a file was finished.</summary>
    public void Forget(FilePosition position, string destination)
    {
        var key = (position.Identity.Inode, destination);
        if (_finished.GetValueOrDefault(key)?.Position.Id == position.Id)
        {
            _finished.Remove(key);
        }
    }
}
