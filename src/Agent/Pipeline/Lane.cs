using Agent.Batch;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Filter;
using Agent.Framing;
using Agent.Native;
using Agent.Tail;
using Agent.Upload;
using CloudWatch.Wire;

namespace Agent.Pipeline;

/// <summary>What all lanes share.</summary>
/// <param name="Wake">Wakes the reader: memory or room in a window has become free.</param>
sealed record LaneRoom(SegmentPool Memory, Committer Committer, TimeProvider Time, TimeSpan Linger, Action Wake);

/// <summary>How the bytes of a source become log events.</summary>
/// <param name="Framing">What an event looks like.</param>
/// <param name="Counts">What was met on the way, for all lanes of the source.</param>
/// <param name="Filter">Which events are sent; null sends all.</param>
/// <param name="EventTimeout">After how long a quiet last event is over though its successor is not there yet.</param>
/// <param name="PartialLineTimeout">After how long a quiet last line is taken without its end; null waits for
/// ever.</param>
sealed record Intake(
    FramingPlan Framing,
    FramingCounts Counts,
    EventFilter? Filter,
    TimeSpan EventTimeout,
    TimeSpan? PartialLineTimeout);

/// <summary>The way of one file's lines to one log stream: read, cut into events, put into batches, handed to the
/// sender; and back: what was taken is committed. All of it runs on the reader's thread but the way back. A lane that
/// finds no room stops reading, and the lines wait in their file.</summary>
sealed class Lane : IDisposable
{
    const int MostUncommitted = 64;
    const int StartBytes = 4; // the longest byte order mark

    // A file that cannot be read for want of room is looked at now and then even where nobody says that it changed.
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    readonly LaneRoom _room;
    readonly Intake _intake;
    readonly StampClock _stamps;
    readonly Action<Lane> _takeTurn;
    readonly BatchBuilder _builder;
    readonly LaneBook _book;
    readonly StreamSender _sender;
    EventFramer _framer;
    TailedContent _file;
    long _batchStart;
    long _batchBegan;
    long _grownTo;
    long _looked;
    bool _isChanged;
    bool _isBlocked;
    bool _isEnded;

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
        Func<Action<EventBatch, RejectedLogEventsInfo?>, StreamSender> newSender,
        TailedContent file,
        FilePosition position)
    {
        _room = room;
        _intake = intake;
        _stamps = stamps;
        _takeTurn = takeTurn;
        _book = new(room.Committer, room.Time, seenAt, position);
        _builder = new(room.Memory, () => _book.IsResolved);
        _sender = newSender(Resolved);
        _file = file;
        _framer = NewFramer(file, position.LastStamp);
        LastGrowth = BlockedSince = room.Time.GetTimestamp();
        _book.Keep(ReadPosition);
    }

    public FileIdentity Identity => _file.Identity;

    public string? CurrentPath => _file.CurrentPath;

    /// <summary>Tells files of one log apart by age.</summary>
    public DateTimeOffset Since => _file.Since;

    /// <summary>Why the last read failed.</summary>
    public string Fault => _file.Fault;

    /// <summary>Nobody writes to the file: its end is the end. So it is with a copy, and with what a truncation
    /// left.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Whether a last event is held back that may be continued.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Whether the last read found the file's end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether there is nothing to be done with the file until it grows.</summary>
    public bool IsIdle => IsAtEnd && !IsHolding && !_isBlocked && _grownTo == _file.KnownLengthBytes
        && (_intake.PartialLineTimeout is null || _file.OffsetBytes == _file.KnownLengthBytes);

    /// <summary>Whether everything that was read is resolved.</summary>
    public bool IsDrained => _builder.Events == 0 && _book.IsResolved;

    /// <summary>When bytes were last found.</summary>
    public long LastGrowth { get; private set; }

    /// <summary>Since when there is no room for what could be read; when it was read last, while there is.</summary>
    public long BlockedSince { get; private set; }

    /// <summary>Whether the file is closed for now.</summary>
    public bool IsReleased => _file is TailedFile { IsReleased: true };

    /// <summary>Whether the file is open and could be opened again where it stands.</summary>
    public bool CanBeReleased => _file is TailedFile { IsReleased: false };

    /// <summary>The key of the row that says how far the file was delivered.</summary>
    public long RowId => _book.RowId;

    /// <summary>Everything before is resolved.</summary>
    public long DeliveredBytes => _book.DeliveredBytes;

    /// <summary>Who sends the lane's batches.</summary>
    public StreamSender Sender => _sender;

    /// <summary>How far was read, and how long the file was ever seen to be.</summary>
    public (long ReadBytes, long KnownBytes) Extent => (_file.OffsetBytes, _file.KnownLengthBytes);

    /// <summary>How long until the open batch must go; null when none is open.</summary>
    public TimeSpan? BatchDue =>
        _builder.Events == 0 ? null : _room.Linger - _room.Time.GetElapsedTime(_batchBegan);

    /// <summary>How long until what waits for its successor or its end is taken without; null when nothing does.
    /// </summary>
    public TimeSpan? RestDue
    {
        get
        {
            if (!IsAtEnd || _isEnded || _isBlocked || IsReleased || _file.OffsetBytes >= _file.KnownLengthBytes)
            {
                return null;
            }

            var quiet = _room.Time.GetElapsedTime(LastGrowth);
            return IsHolding ? _intake.EventTimeout - quiet : _intake.PartialLineTimeout - quiet;
        }
    }

    /// <summary>Where reading stands: everything before is read, though perhaps not resolved.</summary>
    public FilePosition ReadPosition => _book.At(_file, _framer.LastStamp ?? _stamps.Last);

    /// <summary>More is known by now of what came and went where the file lies.</summary>
    public void KeepSeen() => _book.Keep(ReadPosition);

    /// <summary>Something happened to the file: it is worth a look even while there is no room to read.</summary>
    public void NoteChange() => _isChanged = true;

    /// <summary>Reads once, and puts what was read on its way.</summary>
    public LaneProgress Pump(Span<byte> block)
    {
        if (_isEnded || IsReleased)
        {
            return LaneProgress.Idle;
        }

        if (_builder.Events == 0 && !(HasRoom && HasMemory))
        {
            _isBlocked = true;
            return LookIfChanged() ? LaneProgress.Truncated : LaneProgress.Blocked;
        }

        var outcome = _file.Read(block, out var data);
        NoteCut();
        switch (outcome)
        {
            case ReadOutcome.Truncated:
                return LaneProgress.Truncated;
            case ReadOutcome.Failed:
                return LaneProgress.Failed;
        }

        NoteGrowth();
        if (outcome == ReadOutcome.UpToDate)
        {
            (IsAtEnd, _isBlocked, IsHolding) = (true, false, false);
            return LaneProgress.Idle;
        }

        _book.NoteHead(_file.Head);
        IsAtEnd = data.Length < TailedContent.ReadBytes;
        var before = _file.OffsetBytes;
        _isBlocked = !TakeEvents(data, EndOf(data));
        SettleSkipped();
        if (_isBlocked)
        {
            return LaneProgress.Blocked;
        }

        BlockedSince = _room.Time.GetTimestamp();
        return _file.OffsetBytes > before ? LaneProgress.Advanced : LaneProgress.Idle;
    }

    /// <summary>Looks without reading, where something changed or the last look is long ago.</summary>
    /// <returns>Whether the file was truncated.</returns>
    public bool LookIfChanged()
    {
        if (!_isChanged && _room.Time.GetElapsedTime(_looked) < LookInterval)
        {
            return false;
        }

        _isChanged = false;
        _looked = _room.Time.GetTimestamp();
        if (IsTruncated())
        {
            return true;
        }

        _book.NoteHead(_file.Head); // by this it is known again after a kill, though nothing was read yet
        return false;
    }

    /// <summary>Sends the open batch if its time is up.</summary>
    public void CloseIfDue()
    {
        if (BatchDue is { } due && due <= TimeSpan.Zero)
        {
            CloseBatch(isFull: false);
        }
    }

    /// <summary>Sends the open batch, if there is one.</summary>
    public void CloseBatch(bool isFull)
    {
        if (_builder.Finish() is not { } body)
        {
            return;
        }

        var end = ReadPosition;
        _stamps.CloseBatch();
        _book.Add(end);
        _sender.Enqueue(new(body.Segments, body.Events, _batchStart, end, isFull, body.Release));
    }

    /// <summary>Takes a last line without line end as it is, since nothing will follow it.</summary>
    /// <returns>Whether nothing is left to take; if not, it is not over yet.</returns>
    public bool TryTakeRest(Span<byte> block)
    {
        if (_isEnded)
        {
            return true;
        }

        if (IsReleased)
        {
            return false;
        }

        var outcome = _file.Read(block, out var data);
        var isTaken = outcome == ReadOutcome.UpToDate
            || (outcome == ReadOutcome.Data && data.Length < TailedContent.ReadBytes
                && TakeEvents(data, BlockEnd.Final));
        SettleSkipped();
        CloseBatch(isFull: false);
        return isTaken;
    }

    /// <summary>Goes on in a copy that holds what the file held before it was truncated.</summary>
    public void ContinueIn(TailedContent copy)
    {
        CloseBatch(isFull: false);
        var lastStamp = _framer.LastStamp ?? 0;
        _file.Dispose();
        _file = copy;
        _framer = NewFramer(copy, lastStamp);
        IsAtEnd = false;
        _book.Keep(ReadPosition);
    }

    /// <summary>Whether a shorter file holds what was read here.</summary>
    public bool HasRead(TailedFile shorter) => _file.HasRead(shorter);

    /// <summary>Closes the file for now; where it was read to stays known.</summary>
    public void Release() => (_file as TailedFile)?.Release();

    /// <summary>Whether the file, closed as it is, is not what it was by what a look at it tells.</summary>
    public bool HasChanged(long lengthBytes, DateTimeOffset modified) =>
        _file is TailedFile file && file.HasChanged(lengthBytes, modified);

    /// <summary>Opens the file again, provided that the path still names it.</summary>
    public bool TryReopen(string path, out FileFault fault)
    {
        fault = default;
        BlockedSince = _room.Time.GetTimestamp();
        return _file is TailedFile file && file.TryReopen(path, out fault);
    }

    /// <summary>Stops reading here: what followed is gone.</summary>
    public void EndHere()
    {
        IsAtEnd = true;
        _isEnded = true;
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

    // While one batch is refused those after it are delivered, but not committed: a kill would repeat them all.
    bool HasRoom => _sender.HasRoom && _book.Uncommitted < MostUncommitted;

    // What finds no memory would be read in vain, again at every wake.
    bool HasMemory => _book.IsResolved || !_room.Memory.IsUsedUp;

    EventFramer NewFramer(TailedContent file, long lastStamp)
    {
        var framer = new EventFramer(_intake.Framing, _intake.Counts, _room.Time)
        {
            LastStamp = _intake.Framing.TimestampFormat is not null && lastStamp > 0 ? lastStamp : null
        };
        Span<byte> start = stackalloc byte[StartBytes];
        framer.Resume(start[..((file as TailedFile)?.ReadStart(start) ?? 0)]);
        return framer;
    }

    bool IsTruncated()
    {
        var isTruncated = !_isEnded && _file.IsTruncated();
        NoteCut();
        return isTruncated;
    }

    BlockEnd EndOf(ReadOnlySpan<byte> data)
    {
        if (data.Length >= TailedContent.ReadBytes)
        {
            return BlockEnd.Open;
        }

        var quiet = _room.Time.GetElapsedTime(LastGrowth);
        return IsComplete || (_intake.PartialLineTimeout is { } patience && quiet >= patience) ? BlockEnd.Final
            : quiet >= _intake.EventTimeout ? BlockEnd.Quiet
            : BlockEnd.Open;
    }

    // False when it had to stop for want of room. What was not taken stays before the file's offset.
    bool TakeEvents(ReadOnlySpan<byte> data, BlockEnd end)
    {
        _takeTurn(this);
        var now = _stamps.Next();
        var advanced = 0;
        var taken = 0;
        var events = _framer.Begin(data, end, _file.OffsetBytes == 0);
        while (events.TryTake(out var frame))
        {
            var isWanted = !frame.Text.IsEmpty && (_intake.Filter?.Keeps(frame.Text) ?? true);
            while (isWanted && Append(frame.Text, frame.Stamp ?? now, taken - advanced) is var outcome
                && outcome != AppendOutcome.Appended)
            {
                // A batch ends where its last event ends, so the file moves on that far first.
                _file.Advance(data[advanced..taken]);
                advanced = taken;
                CloseBatch(outcome == AppendOutcome.Full);
                if (outcome == AppendOutcome.NoMemory || !HasRoom)
                {
                    return false;
                }

                now = _stamps.Next();
            }

            taken += frame.ConsumedBytes;
        }

        _file.Advance(data[advanced..taken]);
        IsHolding = end == BlockEnd.Open && data[taken..].Contains((byte)'\n');
        return true;
    }

    AppendOutcome Append(ReadOnlySpan<byte> text, long stamp, int aheadOfFileBytes)
    {
        var isFirst = _builder.Events == 0;
        var outcome = _builder.TryAppend(text, stamp);
        if (isFirst && outcome == AppendOutcome.Appended)
        {
            _batchStart = _file.OffsetBytes + aheadOfFileBytes;
            _batchBegan = _room.Time.GetTimestamp();
        }

        return outcome;
    }

    void SettleSkipped()
    {
        if (_builder.Events == 0)
        {
            _book.Settle(ReadPosition);
        }
    }

    void NoteCut()
    {
        if (_file.TakeCut() is { } cut)
        {
            _book.Record(Gaps.Cut(ReadPosition, cut.FromBytes, cut.ToBytes, _room.Time.GetUtcNow()));
        }
    }

    // A last line without line end is read again and again, and is no growth.
    void NoteGrowth()
    {
        if (_file.KnownLengthBytes != _grownTo)
        {
            _grownTo = _file.KnownLengthBytes;
            LastGrowth = _room.Time.GetTimestamp();
        }
    }

    // On any thread.
    void Resolved(EventBatch batch, RejectedLogEventsInfo? rejected)
    {
        _book.Resolved(batch, rejected);
        _room.Wake();
    }
}
