using Agent.Discovery;
using Agent.Events;
using Agent.Framing;
using Agent.Native;
using Agent.Tail;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What the sources of one reader thread share.</summary>
/// <param name="NextId">Gives out keys for new rows.</param>
/// <param name="NewSender">Makes the sender of a file's batches to its log stream.</param>
/// <param name="Stopping">Ends searches.</param>
sealed record SourceRoom(
    LaneRoom Lanes,
    Claims Claims,
    HandleBudget Handles,
    Neighbourhood Neighbours,
    Func<long> NextId,
    Func<SourcePlan, Action<EventBatch, RejectedLogEventsInfo?>, StreamSender> NewSender,
    string BootId,
    ILogger Log,
    CancellationToken Stopping);

/// <summary>One path through all its lives: the file that is at it now, and the ones that were there before and are not
/// read to their end. Each is a lane; the oldest comes first, and a newer one is not read before all older ones were
/// read to their end, so that the stream keeps the order of the log.</summary>
sealed partial class Source
{
    // A file that was superseded is deleted only once it is quiet: its writer may not have noticed yet.
    static readonly TimeSpan RemovalDelay = TimeSpan.FromSeconds(10);

    // As long as the CloudWatch agent waits (backpressure_mode fd_release).
    static readonly TimeSpan BlockedPatience = TimeSpan.FromSeconds(3);

    readonly SourcePlan _plan;
    readonly SourceRoom _room;
    readonly ILogger _log;
    readonly SourcePast _past;
    readonly Lives _lives;
    readonly Intake _intake;
    bool _isLookedAround; // for what came while nobody looked
    long _lookedAt; // and found the file that is read, which may have been truncated; 0 once that is known

    /// <param name="rows">What is known of the files that were read at this path, finished or not.</param>
    public Source(SourcePlan plan, Intake intake, SourceRoom room, IReadOnlyList<FilePosition> rows)
    {
        _plan = plan;
        _room = room;
        _log = room.Log;
        _intake = intake;
        _past = new(plan, room, rows);
        _lives = new(plan, room, intake, this, _past, rows.Select(row => row.LastStamp).DefaultIfEmpty().Max());
        foreach (var row in rows.Where(row => !row.IsFinished && row.BootId == room.BootId))
        {
            // Until it is found nobody else may take it for a new file.
            room.Claims.TryTake(row.Identity, Destination, this);
        }
    }

    public string Path => _plan.Path;

    public SourcePlan Plan => _plan;

    public IReadOnlyList<Life> Lives => _lives;

    /// <summary>What is passed over: the file that was there at the very first start, as far as it was written by
    /// then. Null passes over nothing.</summary>
    public (FileIdentity File, long LengthBytes)? PassedOver { get; set; }

    /// <summary>Whether what is at the path is the copy of another source's log.</summary>
    public Func<PathLook, bool>? IsCopy { get; init; }

    /// <summary>Another file took this one's place, and it may be deleted once it is delivered.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>Whether files are read that are not at the path any more.</summary>
    public bool HasPast => _lives.Any(life => life.IsPast);

    /// <summary>Whether there is more to be done than to wait for a change.</summary>
    public bool IsRestless =>
        _past.IsBusy || _lives.Current is null || Due is not null || IsSuperseded || Trouble.Length > 0
        || _lives.Any(life => life.IsPast || life.WantsHandle);

    /// <summary>Whether it has reason to be looked at every second: files whose changes nobody tells, and searches.
    /// </summary>
    public bool IsMinded => _past.IsSearching || _lives.Any(life => life.IsPast || life.WantsCopy);

    /// <summary>Whether it waits until a file may be opened.</summary>
    public bool WaitsForHandle => Trouble == HandleBudget.WaitsForItsTurn;

    /// <summary>Where a link at the path leads: changes are told there. Null when it is none.</summary>
    public string? LinkTarget { get; set; }

    /// <summary>Whether nothing is left to read, nor to wait for.</summary>
    public bool IsOver => _lives.Count == 0 && !_past.IsBusy;

    /// <summary>Whether all that was read is resolved.</summary>
    public bool IsDrained => _lives.All(life => life.Lane.IsDrained);

    /// <summary>Why nothing is read at this path; empty while something is.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>Whether that is to be mended, and not only waited for.</summary>
    public bool IsHindered { get; private set; }

    /// <summary>What was met in the files so far.</summary>
    public FramingCounts Counts => _intake.Counts;

    /// <summary>How long until the next batch must go, or a last line is taken; null when nothing waits.</summary>
    public TimeSpan? Due => Least(_lives.Min(life => life.Lane.BatchDue), RestDue);

    // Of the files that a read comes to: the others wait for those before them.
    TimeSpan? RestDue
    {
        get
        {
            TimeSpan? least = null;
            foreach (var life in _lives)
            {
                if (life.WantsCopy || _past.IsSearching)
                {
                    break;
                }

                least = Least(least, life.LastProgress == LaneProgress.Failed ? null : life.Lane.RestDue);
                if (life.LastProgress == LaneProgress.Blocked)
                {
                    break;
                }
            }

            return least;
        }
    }

    string Destination => _plan.Entry.Destination;

    /// <summary>Looks at the path: is it still the file that is being read?</summary>
    public void Follow()
    {
        var look = PathLook.At(_plan.Path);
        if (look.State == PathState.Unknown)
        {
            Say(look.Fault);
            return;
        }

        if (!TryPlace(look))
        {
            return;
        }

        if (look.State == PathState.Absent && _lives.Count == 0 && !_past.HasMissing)
        {
            Wait("there is no such file yet");
        }

        NoteWhatMoved(look);
        var isVacant = _lives.Current is null && !(look.State == PathState.Present && TryWelcomeBack(look.Identity));
        if (isVacant && look.State == PathState.Present)
        {
            Welcome(look);
        }

        if (isVacant || !_isLookedAround)
        {
            _isLookedAround = _past.TrySearchUnseen(IsTaken, _lives.Positions);
            _lives.Current?.Lane.KeepSeen();
        }
    }

    /// <summary>What was at the path is now elsewhere. If it came and went between two looks nobody has read
    /// it.</summary>
    public void FollowRename(string newPath)
    {
        var look = PathLook.At(newPath);
        if (look.State == PathState.Present && !_past.IsPlacing && !IsTaken(look.Identity)
            && _past.FinishedAt(look, newPath) is null)
        {
            // Those that were read before are older.
            NoteWhatMoved(PathLook.At(_plan.Path));
            OpenNew(newPath, isPast: true);
        }
    }

    /// <summary>Reads once where there is something to read.</summary>
    public LaneProgress Pump(Span<byte> block)
    {
        var progress = PumpInOrder(block);
        if (_lookedAt > 0 && _lives.Current is { WantsHandle: false, LastProgress: not LaneProgress.Failed })
        {
            // Every file was looked into by now, and none that was truncated is among them.
            _past.NoteSeen(_lookedAt);
            _lookedAt = 0;
        }

        return progress;
    }

    LaneProgress PumpInOrder(Span<byte> block)
    {
        if (_past.IsSearching)
        {
            // What it may find comes first.
            return IsOneRestarted(from: 0) ? LaneProgress.Advanced : LaneProgress.Idle;
        }

        for (var i = 0; i < _lives.Count; i++)
        {
            var progress = PumpOne(i, block);
            if (progress != LaneProgress.Idle)
            {
                return IsOneRestarted(i + 1) ? LaneProgress.Advanced : progress;
            }
        }

        Bury(block);
        return LaneProgress.Idle;
    }

    /// <summary>It may open its file now.</summary>
    public void TakeTurn()
    {
        BeWell();
        Follow();
    }

    /// <summary>Sends batches whose time is up.</summary>
    /// <returns>Whether a line is to be taken now without what it waited for.</returns>
    public bool CloseDue()
    {
        foreach (var life in _lives)
        {
            life.Lane.CloseIfDue();
        }

        return RestDue <= TimeSpan.Zero;
    }

    /// <summary>Sends what is read, since reading ends.</summary>
    public void Close()
    {
        foreach (var life in _lives)
        {
            life.Lane.CloseBatch(isFull: false);
        }
    }

    /// <summary>Closes a file for now: it has nothing to read, or others need the handle more.</summary>
    public void Release(Life life) => _lives.Release(life);

    public void Dispose() => _lives.Dispose();

    // Advanced and Blocked hold the files that are newer.
    LaneProgress PumpOne(int index, Span<byte> block)
    {
        var life = _lives[index];
        if (life.WantsCopy)
        {
            return LaneProgress.Blocked;
        }

        if (life.WantsHandle && !TryReopen(life))
        {
            // A rotated file comes before what is newer, also while it waits for its turn to be opened.
            life.LastProgress = life.IsPast && _lives.Contains(life) ? LaneProgress.Blocked : LaneProgress.Idle;
            return life.LastProgress;
        }

        var progress = life.Lane.Pump(block);
        if (progress == LaneProgress.Idle && life.IsPast && life.Lane.IsHolding)
        {
            // Its last event is not over yet, and comes before what is newer.
            progress = LaneProgress.Blocked;
        }

        if (life.LastProgress == LaneProgress.Failed && progress != LaneProgress.Failed)
        {
            BeWell();
        }

        life.LastProgress = progress;
        switch (progress)
        {
            case LaneProgress.Truncated:
                Restart(life);
                return LaneProgress.Advanced;
            case LaneProgress.Failed:
                // Tried again with the next look at everything; later files must not wait for a sick disk.
                Say(life.Lane.Fault);
                return LaneProgress.Idle;
            case LaneProgress.Blocked when _plan.Entry.ReleasesHandles
                && _room.Lanes.Time.GetElapsedTime(life.Lane.BlockedSince) >= BlockedPatience:
                _lives.Release(life);
                return progress;
            default:
                return progress;
        }
    }

    // Files of the past are found first: what is new may be one of them. False while that cannot be told.
    bool TryPlace(PathLook look)
    {
        if (!_past.IsBusy)
        {
            return true;
        }

        var isTold = _past.TryPlace(look, out var fault);
        _past.TakeFound().ForEach(AddFound);
        _past.TakeGivenUp().ForEach(_lives.GiveBackUnlessUsed);
        if (fault is not null)
        {
            Say(fault);
        }

        foreach (var life in _lives.Where(life => life.WantsCopy && !_past.IsMissing(life.Lane.RowId)))
        {
            // It is in no compressed file either; that was recorded.
            life.WantsCopy = false;
            life.Lane.EndHere();
        }

        return isTold;
    }

    void AddFound(FoundPast found)
    {
        // Its file is open already, whatever the budget.
        _room.Handles.TakeAnyway();
        BeWell();
        if (_lives.FirstOrDefault(one => one.WantsCopy && one.Lane.RowId == found.Position.Id) is { } waiting)
        {
            _room.Handles.GiveBack();
            waiting.WantsCopy = false;
            waiting.CutShort = found.CutShort;
            _lives.ContinueIn(waiting, found.File);
            return;
        }

        if (!found.IsKnown && IsTaken(found.File.Identity))
        {
            // Its renaming was told meanwhile.
            found.File.Dispose();
            _room.Handles.GiveBack();
            return;
        }

        LogResumed(found.Path, found.Position.OffsetBytes);
        var position = found.Position with { Identity = found.File.Identity, BootId = _room.BootId };
        var life = found.Path == _plan.Path
            ? _lives.Insert(_lives.Count, found.File, position, isPast: false)
            : found.IsKnown ? _lives.AddPast(found.File, position)
            : _lives.AddUnseen(found.File, position);
        life.Lane.IsComplete = found.IsComplete;
        _lives.GiveBackUnlessUsed(found.Position.Identity);
        if (found is { CutShort: { } cut, File: TailedFile copy })
        {
            RecordTruncation(found.Position with { OffsetBytes = copy.KnownLengthBytes }, cut.KnownBytes);
        }
        else
        {
            // How much a compressed copy holds is known at its end.
            life.CutShort = found.CutShort;
        }
    }

    void NoteWhatMoved(PathLook look)
    {
        foreach (var life in _lives)
        {
            life.Lane.NoteChange();
            if (life.IsPast)
            {
                if (life.Lane.IsReleased && !life.WantsHandle)
                {
                    _lives.LookAtReleased(life);
                }

                continue;
            }

            if (look.State == PathState.Absent
                || (look.State == PathState.Present && life.Lane.Identity != look.Identity))
            {
                life.PastSince = _room.Lanes.Time.GetTimestamp();
                life.WantsHandle = life.Lane.IsReleased;
                LogMovedAway(_plan.Path, life.Lane.CurrentPath ?? "nowhere (it was deleted)");
            }
            else if (look.State == PathState.Present)
            {
                if (_isLookedAround)
                {
                    _lookedAt = _room.Lanes.Time.GetUtcNow().ToUnixTimeMilliseconds();
                }

                life.WantsHandle |= life.Lane.IsReleased && life.Lane.HasChanged(look.LengthBytes, look.Modified);
            }
        }
    }

    // A file that was moved away and is still open may be moved back.
    bool TryWelcomeBack(FileIdentity identity)
    {
        if (_lives.FirstOrDefault(life => life.Lane.Identity == identity && !life.Lane.IsComplete) is not { } life)
        {
            return false;
        }

        life.PastSince = null;
        return true;
    }

    void Welcome(PathLook look)
    {
        if (_room.Claims.HolderOf(look.Identity, Destination) is { } other && other != this)
        {
            Wait($"it is the file that is read as {other.Path} already");
        }
        else if (IsCopy?.Invoke(look) == true)
        {
            Wait("it holds what a log that is read held so far: a copy, it seems");
        }
        else if (_past.FinishedAt(look, _plan.Path) is not { } finished || !TryResumeFinished(finished))
        {
            OpenNew(_plan.Path, isPast: false);
        }
    }

    // Read to its end once, and written to again since, or found again under a name that is followed.
    bool TryResumeFinished(FilePosition finished)
    {
        _past.Forget(finished);
        if (TailedFile.TryResume(_plan.Path, finished, out _, out _) is not { } file)
        {
            return false;
        }

        _room.Handles.TakeAnyway();
        LogResumed(_plan.Path, finished.OffsetBytes);
        var position = _plan.Adopt(finished) with { BootId = _room.BootId, Identity = file.Identity };
        _lives.Insert(_lives.Count, file, position, isPast: false);
        return true;
    }

    void OpenNew(string path, bool isPast)
    {
        if (!_room.Handles.TryTake())
        {
            Wait(HandleBudget.WaitsForItsTurn);
            return;
        }

        var file = TailedFile.TryOpen(path, out var fault);
        if (file is null)
        {
            _room.Handles.GiveBack();
            SayNotOpened(fault);
            return;
        }

        if (PassedOver is { } passed && passed.File == file.Identity)
        {
            file.PassOver(passed.LengthBytes);
        }

        BeWell();
        LogFound(path, file.OffsetBytes == 0 ? "its beginning" : $"byte {file.OffsetBytes}");
        var position = NewPosition(file);
        if (isPast)
        {
            _lives.AddUnseen(file, position);
        }
        else
        {
            _lives.Insert(_lives.Count, file, position, isPast: false);
        }
    }

    FilePosition NewPosition(TailedFile file) => _plan.NewPosition(_room, file.Identity) with
    {
        OffsetBytes = file.OffsetBytes,
        Anchor = file.Anchor
    };

    bool TryReopen(Life life)
    {
        if (_lives.TryReopen(life, out var fault))
        {
            BeWell();
            return true;
        }

        if (fault is not null)
        {
            Say(fault);
        }
        else if (life.Lane.IsDrained)
        {
            // Deleted while it was closed: looked for as after a restart. What is on its way is waited for first.
            _past.Miss(_lives.End(life, isFinished: false), life.Lane.Extent.KnownBytes);
        }

        return false;
    }

    // A file that must wait its turn is looked at all the same: if it is truncated meanwhile, what was seen of it is
    // all there is to find its copy by.
    bool IsOneRestarted(int from)
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

    // The file was truncated: what it held goes on in a copy, if somebody made one first (copytruncate); what it
    // holds now is new.
    void Restart(Life life)
    {
        var lane = life.Lane;
        var path = life.IsPast ? lane.CurrentPath : _plan.Path;
        var (read, known) = lane.Extent;
        LogTruncated(_plan.Path, read);
        _lookedAt = 0;
        lane.CloseBatch(isFull: false);
        var at = lane.ReadPosition;
        _past.NoteShorterCopies(lane);
        life.PastSince = _room.Lanes.Time.GetTimestamp();
        lane.IsComplete = true;
        if (Placement.FindCopy(_plan.Path, at, _room.Neighbours) is { } copy)
        {
            RecordTruncation(at with { OffsetBytes = copy.KnownLengthBytes }, known);
            _lives.ContinueIn(life, copy);
        }
        else if (_past.TrySearchCopy(at, known))
        {
            life.WantsCopy = true;
        }
        else
        {
            RecordTruncation(at, known);
            lane.EndHere();
        }

        if (path is not null && TailedFile.TryOpen(path, out _) is { } file)
        {
            _room.Handles.TakeAnyway();
            _lives.Insert(_lives.IndexOf(life) + 1, file, NewPosition(file), isPast: path != _plan.Path);
        }

        // It may have been truncated twice since the last look, and the copy be of what nobody saw.
        _isLookedAround = _past.TrySearchUnseen(IsTaken, _lives.Positions);
    }

    // At once, though the copy is yet to be read: a restart in between must not forget it.
    void RecordTruncation(FilePosition at, long knownBytes) =>
        _room.Lanes.Committer.Record(Gaps.Truncated(at, knownBytes, _room.Lanes.Time.GetUtcNow()));

    // Lets go of files that are read to their end and quiet, oldest first.
    void Bury(Span<byte> block)
    {
        foreach (var life in _lives.Where(life => life.IsOver(_room.Lanes.Time) || IsRemovable(life)).ToList())
        {
            life.WantsHandle |= life.Lane.IsReleased;
            if (life.Lane.TryTakeRest(block) && life.Lane.IsDrained)
            {
                RemoveIfAsked(life);
                var finished = _lives.End(life, isFinished: true);
                if (life.CutShort is { } cut)
                {
                    RecordTruncation(finished with { Identity = cut.File }, cut.KnownBytes);
                }

                _past.Finish(finished);
                LogFinished(_plan.Path);
            }
        }
    }

    bool IsRemovable(Life life) =>
        IsSuperseded && life.Lane is { IsAtEnd: true, IsDrained: true }
        && _room.Lanes.Time.GetElapsedTime(life.Lane.LastGrowth) >= RemovalDelay;

    // Only what the configuration names is deleted, never an archive beside it, nor the log that a truncation ended a
    // life of.
    void RemoveIfAsked(Life life)
    {
        if (!_plan.Entry.RemovesFiles || life.Lane.IsComplete || life.Lane.CurrentPath is not { } path
            || !_plan.Entry.Covers(path))
        {
            return;
        }

        if (FileRemoval.TryRemove(path, life.Lane.Identity, out var fault))
        {
            LogRemoved(path);
        }
        else
        {
            LogNotRemoved(path, fault);
        }
    }

    bool IsTaken(FileIdentity identity) => _room.Claims.HolderOf(identity, Destination) is not null;

    static TimeSpan? Least(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    void SayNotOpened(FileFault fault)
    {
        if (fault.IsExhaustion)
        {
            _room.Handles.Shrink();
            Wait(HandleBudget.WaitsForItsTurn);
        }
        else
        {
            Say(fault.Text);
        }
    }

    void BeWell() => (Trouble, IsHindered) = ("", false);

    // Nobody need do anything for it to be over.
    void Wait(string reason) => Say(reason, isHindered: false);

    // Once for each kind of trouble: a file that cannot be read would fill the journal otherwise.
    void Say(string fault, bool isHindered = true)
    {
        IsHindered = isHindered && fault != HandleBudget.WaitsForItsTurn;
        if (Trouble != fault)
        {
            Trouble = fault;
            if (!WaitsForHandle)
            {
                LogWaiting(_plan.Path, fault); // that files take turns is said once for all of them
            }
        }
    }

    [LoggerMessage(100, LogLevel.Information, "{Path}: found; reading from {Start}")]
    partial void LogFound(string path, string start);

    [LoggerMessage(101, LogLevel.Information, "{Path}: reading on from byte {Offset}")]
    partial void LogResumed(string path, long offset);

    [LoggerMessage(102, LogLevel.Information, "{Path}: rotated; the old file is now {NewPath} and is read to its end")]
    partial void LogMovedAway(string path, string newPath);

    [LoggerMessage(103, LogLevel.Information, "{Path}: truncated after byte {Read}; reading the new content")]
    partial void LogTruncated(string path, long read);

    [LoggerMessage(104, LogLevel.Debug, "{Path}: a rotated file is read to its end and closed")]
    partial void LogFinished(string path);

    [LoggerMessage(105, LogLevel.Warning, "{Path}: cannot be read yet: {Fault}. Vigil goes on trying")]
    partial void LogWaiting(string path, string fault);

    [LoggerMessage(106, LogLevel.Information, "{Path}: deleted, since all of it is delivered (auto_removal)")]
    partial void LogRemoved(string path);

    [LoggerMessage(107, LogLevel.Warning, "{Path}: delivered, but not deleted as auto_removal asks: {Fault}")]
    partial void LogNotRemoved(string path, string fault);
}
