using Agent.Discovery;
using Agent.Events;
using Agent.Native;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Which file is at a path now, and where those are that were there before: begins to read what is new, goes
/// on with what was found again, and tells what was moved away.</summary>
sealed class PathFollower
{
    readonly Source _owner;
    readonly SourcePlan _plan;
    readonly SourceRoom _room;
    readonly Lives _lives;
    readonly SourcePast _past;
    readonly Unseen _unseen;
    readonly Truncation _truncation;
    readonly SourceTrouble _trouble;
    readonly FoundFiles _found;
    bool _isAbsent; // as of the last look
    (ushort Mode, uint Owner)? _permissions; // of the file at the path

    public PathFollower(
        Source owner, SourceRoom room, Lives lives, SourcePast past, Unseen unseen, Truncation truncation,
        SourceTrouble trouble)
    {
        _owner = owner;
        _plan = owner.Plan;
        _room = room;
        _lives = lives;
        _past = past;
        _unseen = unseen;
        _truncation = truncation;
        _trouble = trouble;
        _found = new(_plan, room, lives, truncation, trouble);
    }

    /// <summary>What was there at the very first start and is passed over; null passes over nothing.</summary>
    public (FileIdentity File, long LengthBytes)? PassedOver { get; set; }

    /// <summary>Whether what is at the path is the copy of another source's log.</summary>
    public Func<PathLook, bool>? IsCopy { get; set; }

    /// <summary>Looks at the path: is it still the file that is being read?</summary>
    public void Follow()
    {
        var look = PathLook.At(_plan.Path);
        if (look.State == PathState.Unknown)
        {
            _trouble.SayNotSeen(look.Fault);
            return;
        }

        _trouble.ClearNotSeen();
        if (!TryPlace(look))
        {
            return;
        }

        if (look.State == PathState.Absent && _lives.Count == 0)
        {
            SayAbsent();
        }

        NoteWhatMoved(look);
        var isVacant = _lives.Current is null && !(look.State == PathState.Present && TryWelcomeBack(look.Identity));
        if (isVacant && look.State == PathState.Present)
        {
            Welcome(look);
        }

        _permissions ??= look.State == PathState.Present ? look.Permissions : null;
        var wasAbsent = _isAbsent;
        _isAbsent = isVacant && look.State == PathState.Absent;
        if (wasAbsent && _isAbsent && !_unseen.IsDue)
        {
            _unseen.LookAgain(_lives.Positions);
        }
        else if (isVacant || _unseen.IsDue)
        {
            // What was truncated before it was moved away has a copy, which would look like what nobody saw.
            _truncation.RestartAll();
            _unseen.LookAround(_lives.Positions);
            _lives.Current?.Lane.KeepSeen();
        }
    }

    /// <summary>What was at the path is now elsewhere. If it came and went between two looks nobody has read
    /// it.</summary>
    public void FollowRename(string newPath)
    {
        var look = PathLook.At(newPath);
        if (look.State == PathState.Present && !_past.IsPlacing && !IsTaken(look.Identity)
            && _past.Finished.At(look, newPath) is null)
        {
            // Those that were read before are older.
            NoteWhatMoved(PathLook.At(_plan.Path));
            OpenNew(newPath, isPast: true);
        }
    }

    void SayAbsent()
    {
        if (_past.HasMissing)
        {
            _trouble.Say(
                "a file that was not delivered to its end is gone, and nothing is at its path: it is waited for, since "
                + "it may be mounted late, and recorded as a gap after 10 minutes");
        }
        else
        {
            _trouble.Wait("there is no such file yet");
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
        _past.TakeFound().ForEach(_found.Add);
        if (!_past.IsSearching)
        {
            _unseen.NoteSearched(); // every file that was found has a row by now
        }

        _past.TakeGivenUp().ForEach(_lives.GiveBackUnlessUsed);
        if (fault is not null)
        {
            _trouble.Say(fault);
        }

        _truncation.EndUnfound();
        return isTold;
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
                _room.News.MovedAway(_plan.Path, life.Lane.Content.CurrentPath);
            }
            else if (look.State == PathState.Present)
            {
                LookAtPermissions(look);
                if (life.Lane.Extent.KnownBytes == 0 && look.LengthBytes > 0)
                {
                    // Where it was empty at the last look no truncation shows since: a copy of what it held in between
                    // may lie beside it.
                    _unseen.Require();
                }

                _unseen.NoteLook();
                life.WantsHandle |=
                    life.Lane.IsReleased && life.Lane.Content.HasChanged(look.LengthBytes, look.Modified);
            }
        }
    }

    // What is open is read on, whatever becomes of its permissions; what takes its place must be opened.
    void LookAtPermissions(PathLook look)
    {
        var isChanged = _permissions is { } before && before != look.Permissions;
        _permissions = look.Permissions;
        if (isChanged || _trouble.IsOfAccess)
        {
            using var handle = FileOpening.TryOpen(_plan.Path, out _, out var fault);
            _trouble.NoteAccess(handle is null && fault.IsDenied ? fault : null);
        }
    }

    // A file that was moved away and is still open may be moved back.
    bool TryWelcomeBack(FileIdentity identity)
    {
        if (_lives.FirstOrDefault(life => life.Lane.Identity == identity && !life.Lane.IsComplete) is { } life)
        {
            life.PastSince = null;
            _trouble.Clear();
            return true;
        }

        return false;
    }

    void Welcome(PathLook look)
    {
        if (_room.Claims.HolderOf(look.Identity, Destination) is { } other && other != _owner)
        {
            _trouble.Wait($"it is the file that is read as {other.Path} already");
        }
        else if (IsCopy?.Invoke(look) == true)
        {
            _trouble.Wait("it holds what a log that is read held so far: a copy, it seems");
        }
        else if (_past.Finished.At(look, _plan.Path) is not { } finished || !TryResumeFinished(finished))
        {
            OpenNew(_plan.Path, isPast: false);
        }
    }

    // Read to its end once, and written to again since, or found again under a name that is followed.
    bool TryResumeFinished(FilePosition finished)
    {
        _past.Finished.Forget(finished);
        if (TailedFile.TryResume(_plan.Path, finished, out _, out _) is not { } file)
        {
            return false;
        }

        _room.Handles.TakeAnyway();
        _trouble.Clear();
        _room.News.Reading(_plan.Path, finished.OffsetBytes);
        var position = _plan.Adopt(finished) with { BootId = _room.BootId, Identity = file.Identity };
        _lives.Insert(_lives.Count, file, position, isPast: false);
        return true;
    }

    void OpenNew(string path, bool isPast)
    {
        if (!_room.Handles.TryTake())
        {
            _trouble.Wait(HandleBudget.WaitsForItsTurn);
            return;
        }

        var file = TailedFile.TryOpen(path, out var fault);
        if (file is null)
        {
            _room.Handles.GiveBack();
            _trouble.SayNotOpened(fault);
            return;
        }

        if (PassedOver is { } passed && passed.File == file.Identity)
        {
            file.PassOver(passed.LengthBytes, _plan.Entry.Framing.UnitBytes);
        }

        _trouble.Clear();
        _room.News.Reading(path, file.OffsetBytes);
        var position = _plan.NewPosition(_room, file);
        _ = isPast
            ? _lives.AddUnseen(file, position)
            : _lives.Insert(_lives.Count, file, position, isPast: false);
    }

    bool IsTaken(FileIdentity identity) => _room.Claims.HolderOf(identity, Destination) is not null;

    string Destination => _plan.Entry.Destination;
}
