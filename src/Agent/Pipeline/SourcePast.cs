using Agent.Discovery;
using Agent.Events;
using Agent.Native;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>A file of the past that was found.</summary>
/// <param name="Position">Where it is read on.</param>
/// <param name="IsComplete">Nobody writes to it any more.</param>
/// <param name="IsKnown">It was read before; else nobody knew it.</param>
/// <param name="CutShort">It is a copy of a file that was truncated; null when it is no copy.</param>
sealed record FoundPast(
    FilePosition Position, TailedContent File, string Path, bool IsComplete, bool IsKnown, CutShort? CutShort);

/// <summary>A file that was truncated, and how long it was seen to be before.</summary>
sealed record CutShort(FileIdentity File, long KnownBytes);

/// <summary>What was read at a path before, and where it is now. Positions of the last run, or of a file that was
/// truncated, are looked for until they are found or nowhere; files that were finished are remembered, so that they are
/// not begun again.</summary>
sealed class SourcePast
{
    // As many rotated files of one log as anybody keeps; beyond that a file is known by its inode only.
    const int MostFinished = 64;

    // A volume that is mounted late is there by then; if not, what is said to be lost is read on all the same once it
    // is there.
    static readonly TimeSpan AbsentPatience = TimeSpan.FromMinutes(10);

    readonly SourcePlan _plan;
    readonly string _path;
    readonly SourceRoom _room;
    readonly string _destination;
    readonly List<FilePosition> _finished;
    readonly List<FoundPast> _found = [];
    readonly List<FileIdentity> _givenUp = [];
    List<Missing> _missing;
    DeepSearch? _search;
    readonly bool _isFirst; // nothing can have been missed before the first look
    long _lookedAt; // when the files were listed that are searched for unseen ones
    bool _hasLooked;
    bool _isSearchedWhileAbsent;
    long _absentSince;
    DateTimeOffset _absentFolder; // when it had last changed

    public SourcePast(SourcePlan plan, SourceRoom room, IReadOnlyList<FilePosition> rows)
    {
        _plan = plan;
        _path = plan.Path;
        _destination = plan.Entry.Destination;
        _room = room;
        _finished = [.. rows.Where(row => row.IsFinished).TakeLast(MostFinished)];
        _missing =
        [
            .. rows.Where(row => !row.IsFinished).Select(row => new Missing(row, row.OffsetBytes, IsTruncated: false))
        ];
        _isFirst = rows.Count == 0;
        SeenAt = _isFirst ? NowMilliseconds : rows.Max(row => row.SeenAt);
    }

    public bool IsSearching => _search is not null;

    public bool HasMissing => _missing.Count > 0;

    public bool IsBusy => IsSearching || HasMissing;

    public bool IsMissing(long rowId) => _missing.Exists(one => one.Position.Id == rowId);

    /// <summary>Whether a file may turn out to be one that was read before.</summary>
    public bool IsPlacing => _missing.Exists(one => !one.IsTruncated);

    /// <summary>Up to when all is known that came and went at the path, in milliseconds since 1970, UTC.</summary>
    public long SeenAt { get; private set; }

    /// <summary>A look found the file at the path to be the one that is read: all that was there before is known.
    /// </summary>
    /// <param name="at">When that was.</param>
    public void NoteSeen(long at)
    {
        if (!IsBusy)
        {
            SeenAt = Math.Max(SeenAt, at);
        }
    }

    /// <summary>Finds what it can of what is missing.</summary>
    /// <param name="fault">Why it cannot be told; null when it only takes time.</param>
    /// <returns>Whether everything is told.</returns>
    public bool TryPlace(PathLook look, out string? fault)
    {
        fault = null;
        if (_search is { } search)
        {
            if (search.Outcome is not { } findings)
            {
                return false;
            }

            _search = null;
            Take(findings, look);
            return !HasMissing || look.State == PathState.Absent;
        }

        if (IsAbsentStill(look))
        {
            return true;
        }

        var placement = Placement.Of(_path, look, _missing, _room.BootId, _room.Neighbours);
        fault = placement.Fault;
        if (fault is not null)
        {
            return false;
        }

        _found.AddRange(placement.Found.Select(one => Found(one.Missing, one.File, one.Path)));
        _missing = [.. placement.Lost];
        if (_missing.Count == 0 || TryStartSearch(look))
        {
            return _missing.Count == 0;
        }

        GiveUp(_missing.ConvertAll(one => (one, (string?)null)), look);
        return true;
    }

    /// <summary>The files that were found since this was asked.</summary>
    public List<FoundPast> TakeFound()
    {
        List<FoundPast> found = [.. _found];
        _found.Clear();
        return found;
    }

    /// <summary>The files that were given up since this was asked: another that gets such an inode is another.
    /// </summary>
    public List<FileIdentity> TakeGivenUp()
    {
        List<FileIdentity> givenUp = [.. _givenUp];
        _givenUp.Clear();
        return givenUp;
    }

    /// <summary>Looks for rotated files that nobody knows: the file at the path changed, and there may have been others
    /// in between. The new one is open by then, so that what comes later is its own affair.</summary>
    /// <param name="current">Where the files stand that are being read.</param>
    /// <returns>False while another search goes on: ask again then.</returns>
    public bool TrySearchUnseen(Func<FileIdentity, bool> isTaken, IEnumerable<FilePosition> current)
    {
        if (IsSearching)
        {
            return false;
        }

        var now = NowMilliseconds;
        var beside = Beside();
        var since = SeenAt == 0 || (_isFirst && !_hasLooked) ? long.MaxValue : SeenAt;
        _hasLooked = true;
        var unseen = DeepSearch.UnseenAmong(beside, _path, since, one => isTaken(one.Identity) || IsKnown(one));
        if (unseen.Count > 0)
        {
            _lookedAt = now;
            Start([], [.. current], unseen, beside);
        }
        else if (!HasMissing)
        {
            SeenAt = now;
        }

        return true;
    }

    /// <summary>A file is nowhere to be found.</summary>
    /// <param name="knownBytes">The longest it was seen to be.</param>
    public void Miss(FilePosition position, long knownBytes) =>
        _missing.Add(new(position, knownBytes, IsTruncated: false));

    /// <summary>Remembers the copies of a truncated file that hold no more than was read of it.</summary>
    public void NoteShorterCopies(Lane lane)
    {
        foreach (var sibling in Beside().Where(one => RotatedName.Is(one.Path, _path) && one.Facts.LengthBytes > 0))
        {
            using var copy = RotatedName.IsCompressed(sibling.Path) ? null : TailedFile.TryOpen(sibling.Path, out _);
            if (copy is not null && copy.Identity != lane.Identity && lane.HasRead(copy))
            {
                _room.Claims.NoteCopy(copy.Identity, copy.Since, copy.KnownLengthBytes);
            }
        }
    }

    /// <summary>Looks for the copy of a truncated file among the compressed ones.</summary>
    /// <returns>False when there is none to look into.</returns>
    public bool TrySearchCopy(FilePosition at, long knownBytes)
    {
        var beside = Beside();
        if (at.Head.LengthBytes == 0 || !beside.Any(DeepSearch.IsGzip))
        {
            return false;
        }

        _missing.Add(new(at, knownBytes, IsTruncated: true));
        if (_search is null)
        {
            Start(_missing, [at], [], beside);
        }

        return true;
    }

    /// <summary>Where a file was finished; null when it was not, as far as is known.</summary>
    public FilePosition? FinishedAt(PathLook look, string path) =>
        _room.Claims.FinishedAt(look.Identity, look.Since, path, _destination);

    public void Finish(FilePosition position)
    {
        _finished.Add(position);
        if (_finished.Count > MostFinished)
        {
            _finished.RemoveAt(0);
        }

        _room.Claims.Finish(position, _destination);
    }

    /// <summary>It is read on, or it is another file by now.</summary>
    public void Forget(FilePosition position)
    {
        _finished.RemoveAll(row => row.Id == position.Id);
        _room.Claims.Forget(position, _destination);
    }

    List<Sibling> Beside() => [.. _room.Neighbours.Of(_path).LongestFirst];

    bool IsKnown(Sibling sibling) =>
        _missing.Exists(one => one.Position.Identity == sibling.Identity)
        || _room.Claims.IsCopy(sibling.Identity, sibling.Since, sibling.Facts.LengthBytes)
        || _room.Claims.FinishedAt(
            sibling.Identity, sibling.Since, sibling.Path, _destination) is not null;

    bool TryStartSearch(PathLook look)
    {
        var beside = Beside();
        if (!beside.Exists(one => RotatedName.IsCompressed(one.Path))
            || (look.State == PathState.Absent && _isSearchedWhileAbsent))
        {
            return false;
        }

        _isSearchedWhileAbsent |= look.State == PathState.Absent;
        Start(_missing, [.. _found.Select(one => one.Position)], [], beside);
        return true;
    }

    void Start(
        IReadOnlyList<Missing> missing, List<FilePosition> current, IReadOnlyList<Sibling> unseen,
        IReadOnlyList<Sibling> beside)
    {
        _search = new(_path, [.. missing], [.. current, .. _finished], unseen, beside);
        _search.Start(_room.Lanes.Wake, _room.Stopping);
    }

    void Take(Findings findings, PathLook look)
    {
        _found.AddRange(findings.Found.Select(one => Found(one.Missing, one.File, one.Path)));
        _missing.RemoveAll(missing => findings.Found.Any(one => one.Missing == missing));
        GiveUp(findings.Lost, look);
        foreach (var (file, sibling) in findings.Unseen)
        {
            TakeUnseen(file, sibling);
        }

        // Only what was there then was looked at, and only by a search that looked for what is unseen.
        SeenAt = Math.Max(SeenAt, _lookedAt);
    }

    void TakeUnseen(TailedContent? file, Sibling sibling)
    {
        var position = _plan.NewPosition(_room, sibling.Identity);
        if (file is null)
        {
            _room.Lanes.Committer.Record(Gaps.Unreadable(position, sibling.Path, Now));
            return;
        }

        _found.Add(new(
            position, file, sibling.Path, IsComplete: file is GzipFile, IsKnown: false, CutShort: null));
    }

    // Where the path is absent its folder may not be mounted yet: what is lost there may come back.
    void GiveUp(IReadOnlyList<(Missing Missing, string? Unreadable)> lost, PathLook look)
    {
        foreach (var (missing, unreadable) in lost)
        {
            if (look.State == PathState.Absent && !missing.IsTruncated && !IsAbsentForLong)
            {
                continue;
            }

            _missing.Remove(missing);
            if (missing.IsTruncated)
            {
                // Its row is in use: what was read of it may still be on its way.
                _room.Lanes.Committer.Record(Gaps.Truncated(missing.Position, missing.KnownBytes, Now));
                continue;
            }

            _givenUp.Add(missing.Position.Identity);
            _room.Lanes.Committer.Record(Gaps.Gone(missing.Position, missing.KnownBytes, unreadable, Now));
            _room.Lanes.Committer.Record(missing.Position with { IsFinished = true });
        }
    }

    // An inode that became free is soon given to the next file, which is younger then.
    bool IsStillThere(FilePosition position)
    {
        var look = PathLook.At(_path);
        return look.Identity.Inode == position.Identity.Inode
            && look.Since.ToUnixTimeMilliseconds() <= position.SeenAt;
    }

    // Where nothing came to the folder a second look finds no more than the first.
    bool IsAbsentStill(PathLook look)
    {
        var folder = FileFacts.TryOf(Path.GetDirectoryName(_path)!, out var facts, out _) ? facts.Modified : default;
        var isStill = look.State == PathState.Absent && _absentSince != 0 && folder == _absentFolder
            && !IsAbsentForLong && !_missing.Exists(one => one.IsTruncated);
        _absentFolder = folder;
        _absentSince = look.State != PathState.Absent ? 0
            : _absentSince == 0 ? _room.Lanes.Time.GetTimestamp()
            : _absentSince;
        return isStill;
    }

    bool IsAbsentForLong => _absentSince != 0 && _room.Lanes.Time.GetElapsedTime(_absentSince) >= AbsentPatience;

    // What has another inode is known by its content only: a copy, made before the file itself was truncated, or a
    // file that was compressed. What was written to it after a plain copy was made is nowhere.
    FoundPast Found(Missing missing, TailedContent file, string path)
    {
        var isItself = file.Identity.Inode == missing.Position.Identity.Inode;
        var isCopy = !isItself && path != _path;
        var isTruncated = missing.IsTruncated || (isCopy && (file is TailedFile || IsStillThere(missing.Position)));
        return new(
            missing.Position, file, path, IsComplete: isCopy, IsKnown: true,
            CutShort: isTruncated ? new(missing.Position.Identity, missing.KnownBytes) : null);
    }

    long NowMilliseconds => Now.ToUnixTimeMilliseconds();

    DateTimeOffset Now => _room.Lanes.Time.GetUtcNow();
}
