using Agent.Discovery;
using Agent.Events;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>The files that were read at a path before and must be found again: positions of the last run, or of a file
/// that was truncated, are looked for until they are found or nowhere.</summary>
sealed class SourcePast
{
    readonly SourcePlan _plan;
    readonly string _path;
    readonly SourceRoom _room;
    readonly Absence _absence;
    readonly List<FoundPast> _found = [];
    readonly List<FileIdentity> _givenUp = [];
    List<Missing> _missing;
    DeepSearch? _search;

    public SourcePast(SourcePlan plan, SourceRoom room, IReadOnlyList<FilePosition> rows)
    {
        _plan = plan;
        _path = plan.Path;
        _room = room;
        _absence = new(plan.Path, room.Lanes.Time);
        Finished = new(plan, room, rows);
        _missing = [];
        foreach (var row in rows.Where(row => !row.IsFinished))
        {
            // What is not whole is taken only where the file is nowhere else: it may have been compressed before it was
            // deleted.
            if (!TryTakeHeld(row) && (room.Spool.Of(row.Id) is not { IsWhole: true } || !TryTakeSpooled(row)))
            {
                Miss(row, row.OffsetBytes);
            }
        }
    }

    public FinishedFiles Finished { get; }

    public bool IsSearching => _search is not null;

    public bool HasMissing => _missing.Count > 0;

    public bool IsBusy => IsSearching || HasMissing || _found.Count > 0;

    public bool IsMissing(long rowId) => _missing.Exists(one => one.Position.Id == rowId);

    public bool IsMissing(FileIdentity file) => _missing.Exists(one => one.Position.Identity == file);

    /// <summary>Whether a file may turn out to be one that was read before.</summary>
    public bool IsPlacing => _missing.Exists(one => !one.IsTruncated);

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

        if (_absence.IsStill(look) && !_missing.Exists(one => one.IsTruncated))
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

    /// <summary>A file is nowhere to be found.</summary>
    /// <param name="knownBytes">The longest it was seen to be.</param>
    public void Miss(FilePosition position, long knownBytes) =>
        _missing.Add(new(position, knownBytes, IsTruncated: false));

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
            Search(_missing, [at], [], beside);
        }

        return true;
    }

    /// <summary>Lets go of what was found and nobody reads yet.</summary>
    /// <param name="held">Takes over what may be found no second time.</param>
    public void LeaveTo(HeldFiles held)
    {
        foreach (var found in TakeFound())
        {
            held.Keep(found.Position.Id, found.File);
        }
    }

    // Open when the configuration changed, and ever since.
    bool TryTakeHeld(FilePosition row)
    {
        if (_room.Held.Take(row.Id) is not { } file)
        {
            return false;
        }

        if (file.OffsetBytes != row.OffsetBytes && !file.TryGoBackTo(row))
        {
            file.Dispose();
            return false;
        }

        // Whether it is still written to shows when it is looked at.
        var path = file.CurrentPath ?? $"{_path} (deleted)";
        _found.Add(new(row, file, path, IsComplete: file is not TailedFile, IsKnown: true, row.CutShort));
        return true;
    }

    // Of what lost its last name no handle outlived the last run.
    bool TryTakeSpooled(FilePosition row)
    {
        if (_room.Spool.Of(row.Id) is not { EndBytes: > 0 } folder)
        {
            return false;
        }

        if (SpooledFile.TryOpen(folder, row) is not { } file)
        {
            _room.News.SpooledIsOther(_path, _room.Spool.SetAside(row.Id));
            return false;
        }

        _found.Add(new(row, file, folder.Path, IsComplete: true, IsKnown: true, row.CutShort));
        return true;
    }

    List<Sibling> Beside() => [.. _room.Neighbours.Of(_path).LongestFirst];

    /// <summary>Starts to search, where no search goes on.</summary>
    /// <param name="current">Where the files stand that are read.</param>
    public void Search(
        IReadOnlyList<Missing> missing, List<FilePosition> current, IReadOnlyList<Sibling> unseen,
        IReadOnlyList<Sibling> beside)
    {
        var known = current
            .Concat(Finished.Last)
            .Concat(_room.Claims.ReadAsRotated(_path, _plan.Entry.Destination));
        _search = new(_path, [.. missing], [.. known], unseen, beside);
        _search.Start(_room.Lanes.Wake, _room.Stopping);
    }

    bool TryStartSearch(PathLook look)
    {
        var beside = Beside();
        if (!beside.Exists(one => RotatedName.IsCompressed(one.Path)) || !_absence.TryTakeSearch(look))
        {
            return false;
        }

        Search(_missing, [.. _found.Select(one => one.Position)], [], beside);
        return true;
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

        foreach (var sibling in findings.Read)
        {
            // Else the next look would search it again.
            _room.Claims.NoteCopy(sibling.Identity, sibling.Since, sibling.Facts.LengthBytes);
        }
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
            if (!missing.IsTruncated && TryTakeSpooled(missing.Position))
            {
                _missing.Remove(missing);
                continue;
            }

            if (look.State == PathState.Absent && !missing.IsTruncated && !_absence.IsForLong)
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

    // At the path or, rotated since, beside it. An inode that became free is soon given to the next file, which is
    // younger then than anything that was written to the one before; a compressed copy keeps that time, or has a later
    // one.
    bool IsStillThere(FilePosition position, TailedContent copy)
    {
        var inode = position.Identity.Inode;
        var look = PathLook.At(_path);
        return (look.Identity.Inode == inode && look.Since <= copy.Since)
            || _room.Neighbours.Of(_path).WithInode(inode).Any(other => other.Since <= copy.Since);
    }

    // What has another inode is known by its content only: a copy, made before the file itself was truncated, or a
    // file that was compressed. What was written to it after a plain copy was made is nowhere.
    FoundPast Found(Missing missing, TailedContent file, string path)
    {
        var isItself = file.Identity.Inode == missing.Position.Identity.Inode;
        var isCopy = !isItself && path != _path;
        var isTruncated = missing.IsTruncated
            || (isCopy && (file is TailedFile || IsStillThere(missing.Position, file)));
        return new(
            missing.Position, file, path, IsComplete: isCopy || file is GzipFile, IsKnown: true,
            CutShort: missing.Position.CutShort
                ?? (isTruncated ? new(missing.Position.Identity, missing.KnownBytes) : null));
    }

    DateTimeOffset Now => _room.Lanes.Time.GetUtcNow();
}
