using Agent.Batch;
using Agent.Discovery;
using Agent.Events;
using Agent.Tail;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What a source needs to start, beside its plan.</summary>
/// <param name="Positions">Those of the last run that belong to this file and destination.</param>
/// <param name="NextId">Gives out keys for new rows.</param>
sealed record SourceRoom(
    LaneRoom Lanes,
    IReadOnlyList<FilePosition> Positions,
    Func<long> NextId,
    Func<Action<EventBatch, RejectedLogEventsInfo?>, StreamSender> NewSender,
    string BootId,
    ILogger Log);

/// <summary>One configured file through all its lives: the file that is at its path now, and the ones that were
/// there before and are not read to their end. Each is a lane; the oldest comes first, and a newer one is not read
/// before all older ones were read to their end, so that the stream keeps the order of the log.</summary>
sealed partial class Source(SourcePlan plan, SourceRoom room)
{
    readonly ILogger _log = room.Log;
    readonly List<Life> _lives = [];
    readonly StampClock _stamps = new(
        room.Lanes.Time, room.Positions.Select(position => position.LastStamp).DefaultIfEmpty().Max());
    List<FilePosition> _unplaced = [.. room.Positions.Where(position => !position.IsFinished)];
    string _saidFault = "";
    Lane? _turn;

    public string Path => plan.Path;

    /// <summary>Whether files are read that are not at the path any more.</summary>
    public bool HasPast => _lives.Exists(life => life.IsPast);

    /// <summary>Whether all that was read is resolved.</summary>
    public bool IsDrained => _lives.TrueForAll(life => life.Lane.IsDrained);

    /// <summary>How long until the next batch must go; null when none is open.</summary>
    public TimeSpan? Due => _lives.Min(life => life.Lane.Due);

    /// <summary>Looks at the path: is it still the file that is being read?</summary>
    public void Follow()
    {
        var look = PathLook.At(plan.Path);
        if (look.State == PathState.Unknown)
        {
            Say(look.Fault);
            return;
        }

        if (look.State == PathState.Absent && _lives.Count == 0 && _unplaced.Count == 0)
        {
            Say("there is no such file yet");
            return;
        }

        if (_unplaced.Count > 0 && !TryPlace(look))
        {
            return;
        }

        foreach (var life in _lives.Where(life => !life.IsPast && life.Lane.Identity != look.Identity))
        {
            life.PastSince = room.Lanes.Time.GetTimestamp();
            LogMovedAway(plan.Path, life.Lane.CurrentPath ?? "nowhere (it was deleted)");
        }

        if (look.State == PathState.Present && !_lives.Exists(life => !life.IsPast) && !TryWelcomeBack(look.Identity))
        {
            OpenNew(plan.Path, isPast: false);
        }
    }

    /// <summary>What was at the path is now elsewhere. If it came and went between two looks nobody has read
    /// it.</summary>
    public void FollowRename(string newPath)
    {
        var look = PathLook.At(newPath);
        if (look.State == PathState.Present && _unplaced.Count == 0
            && !_lives.Exists(life => life.Lane.Identity == look.Identity))
        {
            OpenNew(newPath, isPast: true);
        }
    }

    /// <summary>Reads once where there is something to read.</summary>
    public LaneProgress Pump(Span<byte> block)
    {
        var held = LaneProgress.Idle;
        for (var i = 0; i < _lives.Count; i++)
        {
            // A file that must wait its turn is looked at all the same: if it is truncated meanwhile, what was seen of
            // it is all there is to find its copy by.
            var lane = _lives[i].Lane;
            var progress = held == LaneProgress.Idle ? lane.Pump(block)
                : lane.IsTruncated() ? LaneProgress.Truncated
                : LaneProgress.Idle;
            switch (progress)
            {
                case LaneProgress.Truncated:
                    Restart(_lives[i], i);
                    return LaneProgress.Advanced;
                case LaneProgress.Failed:
                    // Tried again with the next look at everything; later files must not wait for a sick disk.
                    Say(lane.Fault);
                    break;
                case LaneProgress.Advanced or LaneProgress.Blocked:
                    held = progress;
                    break;
            }
        }

        if (held == LaneProgress.Idle)
        {
            Bury(block);
        }

        return held;
    }

    /// <summary>Sends batches whose time is up.</summary>
    public void CloseDue()
    {
        foreach (var life in _lives)
        {
            life.Lane.CloseIfDue();
        }
    }

    /// <summary>Sends what is read, since reading ends.</summary>
    public void Close()
    {
        foreach (var life in _lives)
        {
            life.Lane.CloseBatch(isFull: false);
        }
    }

    public void Dispose() => _lives.ForEach(life => life.Lane.Dispose());

    // Finds the files of the last run's positions. False while that cannot be told, for want of permission, say.
    bool TryPlace(PathLook look)
    {
        var placement = Placement.Of(plan.Path, look, _unplaced, room.BootId);
        if (placement.Fault is { } fault)
        {
            Say(fault);
            return false;
        }

        // As long as nothing is at the path its folder may not be mounted yet.
        _unplaced = look.State == PathState.Absent ? [.. placement.Lost] : [];
        foreach (var (position, file, path) in placement.Found)
        {
            LogResumed(path, position.OffsetBytes);
            var life = Add(
                file, position with { Identity = file.Identity, BootId = room.BootId }, isPast: path != plan.Path);
            if (life.IsPast && file.Identity.Inode != position.Identity.Inode)
            {
                // Known by its content only: a copy, made before the file itself was truncated.
                life.IsComplete = true;
                RecordTruncation(position, file, file.KnownLengthBytes);
            }
        }

        foreach (var position in placement.Lost.Except(_unplaced))
        {
            room.Lanes.Committer.Record(Gaps.Gone(position, Now));
            room.Lanes.Committer.Record(position with { IsFinished = true });
        }

        return true;
    }

    // A file that was moved away and is still open may be moved back.
    bool TryWelcomeBack(FileIdentity identity)
    {
        if (_lives.Find(life => life.Lane.Identity == identity && !life.IsComplete) is not { } life)
        {
            return false;
        }

        life.PastSince = null;
        return true;
    }

    void OpenNew(string path, bool isPast)
    {
        if (TailedFile.TryOpen(path, out var fault) is not { } file)
        {
            Say(fault.Text);
            return;
        }

        LogFound(path);
        Add(file, NewPosition(file.Identity), isPast);
    }

    Life Add(TailedFile file, FilePosition position, bool isPast)
    {
        _saidFault = "";
        var life = NewLife(file, position, isPast);
        _lives.Add(life);
        return life;
    }

    Life NewLife(TailedFile file, FilePosition position, bool isPast) =>
        new(new(room.Lanes, _stamps, TakeTurn, room.NewSender, file, position))
        {
            PastSince = isPast ? room.Lanes.Time.GetTimestamp() : null
        };

    void TakeTurn(Lane lane)
    {
        if (_turn != lane)
        {
            _turn?.CloseBatch(isFull: false);
            _turn = lane;
        }
    }

    FilePosition NewPosition(FileIdentity identity) => new()
    {
        Id = room.NextId(),
        SourcePath = plan.Path,
        LogGroup = plan.LogGroup,
        LogStream = plan.LogStream,
        Identity = identity,
        BootId = room.BootId
    };

    // The file was truncated: what it held goes on in a copy, if somebody made one first (copytruncate); what it
    // holds now is new.
    void Restart(Life life, int index)
    {
        var lane = life.Lane;
        var path = life.IsPast ? lane.CurrentPath : plan.Path;
        var (read, known) = lane.Extent;
        LogTruncated(plan.Path, read);
        life.PastSince = room.Lanes.Time.GetTimestamp();
        life.IsComplete = true;
        lane.CloseBatch(isFull: false);
        var copy = Placement.FindCopy(plan.Path, lane.ReadPosition);
        RecordTruncation(lane.ReadPosition, copy, known);
        if (copy is not null)
        {
            lane.ContinueIn(copy);
        }
        else
        {
            lane.EndHere();
        }

        if (path is not null && TailedFile.TryOpen(path, out _) is { } file)
        {
            _lives.Insert(index + 1, NewLife(file, NewPosition(file.Identity), isPast: path != plan.Path));
        }
    }

    // At once, though the copy is yet to be read: a restart in between must not forget it.
    void RecordTruncation(FilePosition at, TailedFile? copy, long knownBytes) =>
        room.Lanes.Committer.Record(Gaps.Truncated(
            at with { OffsetBytes = copy?.KnownLengthBytes ?? at.OffsetBytes }, knownBytes, Now));

    // Lets go of past files that are read to their end and quiet, oldest first.
    void Bury(Span<byte> block)
    {
        foreach (var life in _lives.Where(life => life.IsOver(room.Lanes.Time)).ToList())
        {
            if (!life.Lane.TryTakeRest(block) || !life.Lane.IsDrained)
            {
                continue;
            }

            life.Lane.Finish();
            life.Lane.Dispose();
            _lives.Remove(life);
            LogFinished(plan.Path);
        }
    }

    DateTimeOffset Now => room.Lanes.Time.GetUtcNow();

    // Once for each kind of trouble: a file that cannot be read would fill the journal otherwise.
    void Say(string fault)
    {
        if (_saidFault != fault)
        {
            _saidFault = fault;
            LogWaiting(plan.Path, fault);
        }
    }

    [LoggerMessage(100, LogLevel.Information, "{Path}: found; reading from its beginning")]
    partial void LogFound(string path);

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
}
