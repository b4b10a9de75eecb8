using Agent.Discovery;
using Agent.Events;
using Agent.Framing;

namespace Agent.Pipeline;

/// <summary>One path through all its lives: the file that is at it now, and the ones that were there before and are not
/// read to their end. Each is a lane; the oldest comes first, and a newer one is not read before all older ones were
/// read to their end, so that the stream keeps the order of the log.</summary>
sealed class Source
{
    readonly SourcePlan _plan;
    readonly SourceRoom _room;
    readonly Intake _intake;
    readonly SourcePast _past;
    readonly Unseen _unseen;
    readonly Lives _lives;
    readonly Burial _burial;
    readonly InOrder _inOrder;
    readonly Spooling _spooling;
    readonly PathFollower _follower;
    readonly SourceTrouble _trouble;
    readonly Standstill _standstill;

    /// <param name="rows">What is known of the files that were read at this path, finished or not.</param>
    public Source(SourcePlan plan, Intake intake, SourceRoom room, IReadOnlyList<FilePosition> rows)
    {
        _plan = plan;
        _room = room;
        _intake = intake;
        _trouble = new(plan.Path, room.Handles, room.Log);
        _standstill = new(room.Lanes.Time);
        _past = new(plan, room, rows);
        _unseen = new(plan, room, _past, rows);
        _lives = new(plan, room, intake, this, _unseen, rows.Select(row => row.LastStamp).DefaultIfEmpty().Max());
        var truncation = new Truncation(plan, room, _lives, _past, _unseen);
        _burial = new(plan, room, _lives, _past, truncation);
        _inOrder = new(plan, room, _lives, _past, truncation, _burial, _trouble);
        _spooling = new(plan, room, _lives);
        _follower = new(this, room, _lives, _past, _unseen, truncation, _trouble);
        foreach (var row in rows.Where(row => !row.IsFinished && row.BootId == room.BootId))
        {
            // Until it is found nobody else may take it for a new file.
            room.Claims.TryTake(row.Identity, plan.Entry.Destination, this);
        }
    }

    public string Path => _plan.Path;

    public SourcePlan Plan => _plan;

    public IReadOnlyList<Life> Lives => _lives;

    /// <summary>What is passed over: the file that was there at the very first start, as far as it was written by
    /// then. Null passes over nothing.</summary>
    public (FileIdentity File, long LengthBytes)? PassedOver
    {
        get => _follower.PassedOver;
        set => _follower.PassedOver = value;
    }

    /// <summary>Whether what is at the path is the copy of another source's log.</summary>
    public Func<PathLook, bool>? IsCopy
    {
        get => _follower.IsCopy;
        init => _follower.IsCopy = value;
    }

    /// <summary>Another file took this one's place, and it may be deleted once it is delivered.</summary>
    public bool IsSuperseded
    {
        get => _burial.IsSuperseded;
        set => _burial.IsSuperseded = value;
    }

    /// <summary>Whether files are read that are not at the path any more.</summary>
    public bool HasPast => _lives.Exists(life => life.IsPast);

    /// <summary>Whether there is more to be done than to wait for a change.</summary>
    public bool IsRestless =>
        _past.IsBusy || _lives.Current is null || Due is not null || IsSuperseded || Trouble.Length > 0
        || _lives.Exists(life => life.IsPast || life.WantsHandle);

    /// <summary>Whether it has reason to be looked at every second: files whose changes nobody tells, and searches.
    /// </summary>
    public bool IsMinded => _past.IsSearching || _lives.Exists(life => life.IsPast || life.WantsCopy);

    /// <summary>Whether it waits until a file may be opened.</summary>
    public bool WaitsForHandle => _trouble.IsForHandle;

    /// <summary>Where a link at the path leads: changes are told there. Null when it is none.</summary>
    public string? LinkTarget { get; set; }

    /// <summary>Whether nothing is left to read, nor to wait for.</summary>
    public bool IsOver => _lives.Count == 0 && !_past.IsBusy;

    /// <summary>Whether all that was read is resolved.</summary>
    public bool IsDrained => _lives.TrueForAll(life => life.Lane.IsDrained);

    /// <summary>Whether something is denied that was read, and is to be read again.</summary>
    public bool IsDenied => _lives.Exists(life => life.Lane.Sender is { IsDenied: true });

    /// <summary>Whether requests with its lines are on their way.</summary>
    public bool IsSending => _lives.Exists(life => life.Lane.Sender is { IsSending: true });

    /// <summary>Whether lines are in memory that are in no file any more: a truncation left them.</summary>
    public bool HoldsTheOnly => _lives.Exists(life => (life.Lane.IsEnded || life.WantsCopy) && !life.Lane.IsDrained);

    /// <summary>What a restart would lose of files that were deleted.</summary>
    public long BytesAtRisk => _spooling.BytesAtRisk;

    /// <summary>Why nothing is read at this path; empty while something is.</summary>
    public string Trouble => _trouble.Text;

    /// <summary>Whether that is to be mended, and not only waited for.</summary>
    public bool IsHindered => _trouble.IsHindered;

    /// <summary>Whether it is for want of a permission.</summary>
    public bool IsForbidden => _trouble.IsForbidden;

    /// <summary>Whether lines wait, and none was read or delivered for minutes.</summary>
    public bool IsAtStandstill => _standstill.IsLong;

    /// <summary>What was delivered of all its files since the start.</summary>
    public DeliveryTotals Totals =>
        _lives.Aggregate(_lives.Ended, (sum, life) => sum.And(life.Lane.Sender?.Status));

    /// <summary>What was met in the files so far.</summary>
    public FramingCounts Counts => _intake.Counts;

    /// <summary>How long until the next batch must go, or a last line is taken; null when nothing waits.</summary>
    public TimeSpan? Due => Least(_lives.BatchDue, _inOrder.RestDue);

    /// <summary>Looks at the path: is it still the file that is being read?</summary>
    public void Follow()
    {
        _follower.Follow();
        _spooling.Look();
        var progress = 0L;
        foreach (var life in _lives)
        {
            progress += life.Progress;
        }

        if (_standstill.Look(_lives.Exists(life => life.IsWaiting), progress))
        {
            _room.News.StandsStill(Path);
        }
    }

    /// <summary>What was at the path is now elsewhere. If it came and went between two looks nobody has read
    /// it.</summary>
    public void FollowRename(string newPath) => _follower.FollowRename(newPath);

    /// <summary>Reads once where there is something to read.</summary>
    public LaneProgress Pump(Span<byte> block)
    {
        TakeBackDenied();
        var progress = _inOrder.Pump(block);
        if (_unseen.HasLook && _lives.Current is { WantsHandle: false, LastProgress: not LaneProgress.Failed })
        {
            // Every file was looked into by now, and none that was truncated is among them.
            _unseen.CountLook();
        }

        // Whatever is written after that read is told of: to read again only to find nothing costs as much as this one.
        var isAllRead = progress == LaneProgress.Advanced && !HasPast
            && _lives.Current is { LastProgress: LaneProgress.Advanced, Lane: { IsAtEnd: true, IsEnded: false } };
        return isAllRead ? LaneProgress.Idle : progress;
    }

    /// <summary>It may open its file now.</summary>
    public void TakeTurn()
    {
        _trouble.Clear();
        Follow();
    }

    /// <summary>Gives back what was read and is denied: it is read again when the service takes lines again.</summary>
    public void TakeBackDenied()
    {
        foreach (var life in _lives)
        {
            life.TakeBackDenied();
        }
    }

    /// <summary>Sends batches whose time is up.</summary>
    /// <returns>Whether a line is to be taken now without what it waited for.</returns>
    public bool CloseDue()
    {
        foreach (var life in _lives)
        {
            life.Lane.CloseIfDue();
        }

        return _inOrder.RestDue <= TimeSpan.Zero;
    }

    /// <summary>Sends what is read, since reading ends.</summary>
    public void Close()
    {
        foreach (var life in _lives)
        {
            life.Lane.CloseBatch();
        }
    }

    /// <summary>Closes a file for now: it has nothing to read, or others need the handle more.</summary>
    /// <returns>Whether it was closed.</returns>
    public bool TryRelease(Life life) => _lives.TryRelease(life);

    /// <summary>Tries to send nothing again: what is not taken is read again by whoever reads it next.</summary>
    public void GiveUp()
    {
        foreach (var life in _lives)
        {
            life.Lane.Sender?.GiveUp();
        }
    }

    /// <summary>Reads nothing any more, and claims nothing.</summary>
    /// <param name="held">Takes over the files that are open.</param>
    public void LeaveTo(HeldFiles held)
    {
        _lives.LeaveTo(held);
        _past.LeaveTo(held);
        _room.Claims.GiveBackAll(this);
    }

    public void Dispose() => _lives.Dispose();

    static TimeSpan? Least(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
}
