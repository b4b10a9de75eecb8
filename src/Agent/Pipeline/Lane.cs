using Agent.Batch;
using Agent.Events;
using Agent.Framing;
using Agent.Native;
using Agent.Tail;
using Agent.Upload;

namespace Agent.Pipeline;

/// <summary>The way of one file's lines to one log stream, or past the detections: read, cut into events, put into
/// batches, handed to the sender; and back: what was taken is committed. All of it runs on the reader's thread but the
/// way back. A lane that finds no room stops reading, and the lines wait in their file.</summary>
sealed class Lane : IDisposable
{
    readonly LaneRoom _room;
    readonly LaneBook _book;
    readonly LaneEnd _end;
    readonly EventLoader _loader;
    readonly Patience _patience;
    TailedContent _file;
    bool _isBlocked;

    /// <param name="stamps">One clock for all lanes of a source: together they make one stream's order.</param>
    /// <param name="seenAt">Up to when all is known that came and went where the file lies.</param>
    /// <param name="takeTurn">Told before lines are taken: another lane's open batch must go first, or its timestamps
    /// would tie with this one's.</param>
    public Lane(
        LaneRoom room,
        Intake intake,
        StampClock stamps,
        Func<long> seenAt,
        Action<Lane> takeTurn,
        NewEnd newEnd,
        TailedContent file,
        FilePosition position)
    {
        _room = room;
        _book = new(room.Committer, room.Time, seenAt, () => _end?.Sender?.Target, end => _end!.Record(end), position);
        _end = newEnd(room, _book, stamps, Resolved);
        _patience = new(intake, room.Time);
        _file = file;
        _loader = new(intake, _book, _end, stamps, () => takeTurn(this), room.Time, file, position.LastStamp);
        _book.Keep(ReadPosition);
    }

    public FileIdentity Identity => _file.Identity;

    /// <summary>What is read.</summary>
    public TailedContent Content => _file;

    /// <summary>Nobody writes to the file: its end is the end. So with a copy, and what a truncation left.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Whether what follows is gone.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether a last event is held back that may be continued: not where the rest is gone.</summary>
    public bool IsHolding => !IsEnded && _loader.IsHolding;

    /// <summary>Whether the last read found the file's end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether there is nothing to be done with the file until it grows.</summary>
    public bool IsIdle =>
        IsAtEnd && !IsHolding && !_isBlocked && _patience.IsOver(_file.OffsetBytes, _file.KnownLengthBytes);

    /// <summary>Whether everything that was read is resolved.</summary>
    public bool IsDrained => _end.IsEmpty && _book.IsResolved;

    /// <summary>When bytes were last found.</summary>
    public long LastGrowth => _patience.LastGrowth;

    /// <summary>Since when there is no room for what could be read; when it was read last, while there is.</summary>
    public long BlockedSince => _patience.BlockedSince;

    /// <summary>Whether the file is closed for now.</summary>
    public bool IsReleased => _file is TailedFile { IsReleased: true };

    /// <summary>The key of the row that says how far the file was delivered.</summary>
    public long RowId => _book.RowId;

    /// <summary>How long the oldest batch waits that is not resolved; null when none is.</summary>
    public TimeSpan? OldestAge => _book.OldestAge;

    /// <summary>Everything before is resolved.</summary>
    public long DeliveredBytes => _book.DeliveredBytes;

    /// <summary>The same by what is on disk. Any thread may ask.</summary>
    public long CommittedBytes => _book.CommittedBytes;

    /// <summary>Who sends the lane's batches; null where nothing is sent.</summary>
    public StreamSender? Sender => _end.Sender;

    /// <summary>How far was read, and how long the file was ever seen to be.</summary>
    public (long ReadBytes, long KnownBytes) Extent => (_file.OffsetBytes, _file.KnownLengthBytes);

    /// <summary>How long until the open batch must go; null when none is open.</summary>
    public TimeSpan? BatchDue => _end.Due;

    /// <summary>How long until what waits for its successor or its end is taken without; null when nothing does.
    /// </summary>
    public TimeSpan? RestDue =>
        !IsAtEnd || IsEnded || _isBlocked || IsReleased || _file.OffsetBytes >= _file.KnownLengthBytes
            ? null
            : _patience.Left(IsHolding);

    /// <summary>Where reading stands: everything before is read, though perhaps not resolved.</summary>
    public FilePosition ReadPosition => _loader.PositionIn(_file);

    /// <summary>More is known by now of what came and went where the file lies.</summary>
    public void KeepSeen() => _loader.Keep(_file);

    /// <summary>Something happened to the file: it is worth a look even while there is no room to read.</summary>
    public void NoteChange() => _patience.NoteChange();

    /// <summary>Goes back to before what is denied: the memory that it takes is others' until the service takes this
    /// file's lines again. Where there is no going back, it is kept.</summary>
    public void TakeBackDenied()
    {
        var isBack = !IsEnded && _loader.TryTakeBackDenied(_file);
        NoteCut();
        if (isBack)
        {
            IsAtEnd = false;
            _room.Wake(); // there is memory again
        }
    }

    /// <summary>Reads once, and puts what was read on its way.</summary>
    public LaneProgress Pump(Span<byte> block)
    {
        if (IsEnded || IsReleased)
        {
            return LaneProgress.Idle;
        }

        if (_end.IsEmpty && !_end.MayBegin(_file.KnownLengthBytes - _file.OffsetBytes, BlockedSince))
        {
            _isBlocked = true;
            return LookIfChanged() ? LaneProgress.Truncated : LaneProgress.Blocked;
        }

        var outcome = _file.Read(block, out var data);
        NoteCut();
        if (outcome is ReadOutcome.Truncated or ReadOutcome.Failed)
        {
            return outcome == ReadOutcome.Truncated ? LaneProgress.Truncated : LaneProgress.Failed;
        }

        _end.HeldSince = IsAtEnd && _loader.IsHolding ? _patience.LastGrowth : null;
        _patience.NoteLength(_file.KnownLengthBytes);
        if (outcome == ReadOutcome.UpToDate)
        {
            (IsAtEnd, _isBlocked) = (true, false);
            _loader.NoteEnd();
            return LaneProgress.Idle;
        }

        _book.NoteHead(_file.Head);
        IsAtEnd = data.Length < TailedContent.ReadBytes // a sick disk may give less than there is
            && (!_file.IsLengthKnown || _file.OffsetBytes + data.Length >= _file.KnownLengthBytes);
        var before = _file.OffsetBytes;
        _isBlocked = !_loader.TryTake(_file, data, _patience.EndOf(data.Length, IsComplete));
        _loader.SettleSkipped(_file);
        if (_isBlocked)
        {
            return LaneProgress.Blocked;
        }

        _patience.NoteRoom();
        return _file.OffsetBytes > before ? LaneProgress.Advanced : LaneProgress.Idle;
    }

    /// <summary>Looks without reading where something changed: whether the file was truncated.</summary>
    public bool LookIfChanged()
    {
        if (!_patience.TryTakeLook())
        {
            return false;
        }

        if (IsTruncated())
        {
            return true;
        }

        _book.NoteHead(_file.Head); // by this it is known again after a kill, though nothing was read yet
        return false;
    }

    /// <summary>Whether the file was truncated, and reading does not know it yet.</summary>
    public bool IsTruncated()
    {
        var isTruncated = !IsEnded && _file.IsTruncated();
        NoteCut();
        return isTruncated;
    }

    /// <summary>Sends the open batch if its time is up.</summary>
    public void CloseIfDue()
    {
        if (BatchDue <= TimeSpan.Zero)
        {
            CloseBatch();
        }
    }

    /// <summary>Sends the open batch, if there is one.</summary>
    public void CloseBatch() => _loader.CloseBatch(_file, isFull: false);

    /// <summary>Takes a last line without line end as it is, since nothing will follow it.</summary>
    /// <returns>Whether nothing is left to take; if not, it is not over yet.</returns>
    public bool TryTakeRest(Span<byte> block)
    {
        if (IsEnded || IsReleased)
        {
            return IsEnded;
        }

        var outcome = _file.Read(block, out var data);
        NoteCut();
        var isTaken = outcome == ReadOutcome.UpToDate
            || (outcome == ReadOutcome.Data && data.Length < TailedContent.ReadBytes
                && _loader.TryTake(_file, data, BlockEnd.Final));
        _loader.SettleSkipped(_file);
        CloseBatch();
        return isTaken;
    }

    /// <summary>Goes on in a copy that holds what the file held before it was truncated.</summary>
    /// <param name="cut">What is to be recorded at the copy's end; null when it was recorded.</param>
    public void ContinueIn(TailedContent copy, CutShort? cut)
    {
        CloseBatch();
        _book.NoteCutShort(cut);
        _file.Dispose();
        _file = copy;
        _loader.ContinueIn(copy);
        IsAtEnd = false;
        _book.Keep(ReadPosition);
    }

    /// <summary>Goes on in what was kept of the file, at the same byte.</summary>
    public void GoOver(SpooledFile kept)
    {
        _file.Dispose();
        _file = kept;
        IsComplete = true;
    }

    /// <summary>The file holds what another held that was truncated: at its end it is recorded what is missing.
    /// </summary>
    public void NoteCutShort(CutShort cut) => _book.NoteCutShort(cut);

    /// <summary>Opens the file again, provided that the path still names it.</summary>
    public bool TryReopen(string path, out FileFault fault)
    {
        fault = default;
        _patience.NoteRoom();
        return _file is TailedFile file && file.TryReopen(path, out fault);
    }

    /// <summary>Stops reading here: what followed is gone.</summary>
    public void EndHere()
    {
        IsAtEnd = true;
        IsEnded = true;
    }

    /// <summary>Notes that nothing more is expected. To be called once all is drained.</summary>
    /// <returns>The row as it is kept.</returns>
    public FilePosition Finish()
    {
        if (_file.IsBroken)
        {
            _book.Record(Gaps.Broken(ReadPosition, _file.Fault, _room.Time.GetUtcNow()));
        }

        return _book.Finish(ReadPosition);
    }

    public void Dispose() => _file.Dispose();

    void NoteCut()
    {
        if (_file.TakeCut() is { } cut)
        {
            _book.Record(
                Gaps.Cut(ReadPosition, cut.FromBytes, cut.ToBytes, cut.Reason, _room.Time.GetUtcNow()));
        }
    }

    // On any thread.
    void Resolved(EventBatch batch, IReadOnlyList<DeadEvents> dead)
    {
        _book.Resolved(batch, dead);
        _room.Wake();
    }
}
