using Agent.Discovery;
using Agent.Events;
using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What becomes of a file that is truncated: what it held goes on in a copy, if somebody made one first
/// (copytruncate); what it holds now is new.</summary>
sealed partial class Truncation(SourcePlan plan, SourceRoom room, Lives lives, SourcePast past, Unseen unseen)
{
    readonly SourcePlan _plan = plan;
    readonly SourceRoom _room = room;
    readonly ILogger _log = room.Log;
    readonly Lives _lives = lives;
    readonly SourcePast _past = past;
    readonly Unseen _unseen = unseen;

    /// <summary>Looks at files that must wait their turn: if one is truncated meanwhile, what was seen of it is all
    /// there is to find its copy by.</summary>
    /// <param name="from">The first of them.</param>
    /// <returns>Whether one was.</returns>
    public bool IsOneRestarted(int from)
    {
        for (var i = from; i < _lives.Count; i++)
        {
            if (!_lives[i].WantsCopy && _lives[i].Lane.LookIfChanged())
            {
                Restart(_lives[i]);
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks at all files, and finds those that were truncated.</summary>
    public void RestartAll()
    {
        while (IsOneRestarted(from: 0))
        {
            // One at a time: the next may be what was made of the last.
        }
    }

    /// <summary>A file was found truncated.</summary>
    public void Restart(Life life)
    {
        var lane = life.Lane;
        var path = life.IsPast ? lane.Content.CurrentPath : _plan.Path;
        var (read, known) = lane.Extent;
        LogTruncated(_plan.Path, read);
        _unseen.DropLook();
        lane.CloseBatch();
        var at = lane.ReadPosition;
        NoteShorterCopies(lane);
        life.PastSince = _room.Lanes.Time.GetTimestamp();
        lane.IsComplete = true;
        if (TryGoOnInSpool(life, at, known))
        {
            LogKept(_plan.Path);
        }
        else if (Placement.FindCopy(_plan.Path, at, lane.Content, _room.Neighbours) is { } copy)
        {
            Record(at with { OffsetBytes = copy.KnownLengthBytes }, known);
            GoOnIn(life, copy, cut: null);
        }
        else if (_past.TrySearchCopy(at, known))
        {
            life.WantsCopy = true;
        }
        else
        {
            Record(at, known);
            lane.EndHere();
        }

        if (path is not null && TailedFile.TryOpen(path, out _) is { } file)
        {
            _room.Handles.TakeAnyway();
            _lives.Insert(_lives.IndexOf(life) + 1, file, _plan.NewPosition(_room, file), isPast: path != _plan.Path);
        }

        // It may have been truncated twice since the last look, and the copy be of what nobody saw.
        _unseen.LookAround(_lives.Positions);
    }

    // Whoever empties a deleted file to free its disk takes nothing from what was kept of it.
    bool TryGoOnInSpool(Life life, FilePosition at, long known)
    {
        if (life.Lane.Content is not TailedFile { IsReleased: false } || _room.Spool.Of(at.Id) is not { } folder
            || SpooledFile.TryOpen(folder, at) is not { } kept)
        {
            return false;
        }

        Record(at with { OffsetBytes = Math.Max(folder.EndBytes, at.OffsetBytes) }, known);
        _lives.GoOver(life, kept);
        return true;
    }

    // A search for what is unseen may have come upon the copy first: then it is read from its beginning already.
    void GoOnIn(Life life, TailedContent copy, CutShort? cut)
    {
        if (_lives.ReaderOf(copy) is { } reader)
        {
            copy.Dispose();
            life.Lane.EndHere();
            if (cut is not null)
            {
                reader.Lane.NoteCutShort(cut);
                reader.Lane.KeepSeen(); // a kill must not forget it
            }
        }
        else if (copy is GzipFile packed && _room.Claims.IsBegun(packed, _plan.Entry.Destination))
        {
            // Where a pattern matches its name by a source of its own, or to its end already.
            copy.Dispose();
            life.Lane.EndHere();
            if (cut is not null)
            {
                Record(life.Lane.ReadPosition with { OffsetBytes = packed.DecodedLength }, cut.KnownBytes);
            }
        }
        else
        {
            _lives.ContinueIn(life, copy, cut);
        }
    }

    /// <summary>Goes on in a compressed copy, if it is one that was looked for.</summary>
    public bool TryGoOnIn(FoundPast found)
    {
        if (_lives.FirstOrDefault(one => one.WantsCopy && one.Lane.RowId == found.Position.Id) is not { } waiting)
        {
            return false;
        }

        waiting.WantsCopy = false;
        GoOnIn(waiting, found.File, found.CutShort);
        return true;
    }

    /// <summary>Ends the files whose copy is in no compressed file either; that was recorded.</summary>
    public void EndUnfound()
    {
        foreach (var life in _lives.Where(life => life.WantsCopy && !_past.IsMissing(life.Lane.RowId)))
        {
            life.WantsCopy = false;
            life.Lane.EndHere();
        }
    }

    /// <summary>Records it at once, though the copy is yet to be read: a restart in between must not forget it.
    /// </summary>
    /// <param name="at">How far the file could be read, be it in its copy.</param>
    public void Record(FilePosition at, long knownBytes) =>
        _room.Lanes.Committer.Record(Gaps.Truncated(at, knownBytes, _room.Lanes.Time.GetUtcNow()));

    // The copies that hold no more than was read are known by this.
    void NoteShorterCopies(Lane lane)
    {
        foreach (var sibling in _room.Neighbours.Of(_plan.Path).Rotated.Where(one => one.Facts.LengthBytes > 0))
        {
            using var copy = RotatedName.IsCompressed(sibling.Path) ? null : TailedFile.TryOpen(sibling.Path, out _);
            if (copy is not null && copy.Identity != lane.Identity && lane.Content.HasRead(copy))
            {
                _room.Claims.NoteCopy(copy.Identity, copy.Since, copy.KnownLengthBytes);
            }
        }
    }

    [LoggerMessage(115, LogLevel.Information, "{Path}: what it held goes on from the spool")]
    partial void LogKept(string path);

    [LoggerMessage(103, LogLevel.Information, "{Path}: truncated after byte {Read}; reading the new content")]
    partial void LogTruncated(string path, long read);
}
