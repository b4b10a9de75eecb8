using Agent.Batch;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Framing;
using Agent.Tail;
using Agent.Upload;
using CloudWatch.Wire;

namespace Agent.Pipeline;

/// <summary>What all lanes share.</summary>
/// <param name="Wake">Wakes the reader: memory or room in a window has become free.</param>
sealed record LaneRoom(SegmentPool Memory, Committer Committer, TimeProvider Time, TimeSpan Linger, Action Wake);

/// <summary>The way of one file's lines to one log stream: read, cut into lines, put into batches, handed to the
/// sender; and back: what was taken is committed. All of it runs on the reader's thread but the way back. A lane that
/// finds no room stops reading, and the lines wait in their file.</summary>
sealed class Lane : IDisposable
{
    const int MostUncommitted = 64;

    readonly LaneRoom _room;
    readonly StampClock _stamps;
    readonly Action<Lane> _takeTurn;
    readonly BatchBuilder _builder;
    readonly InFlight _inFlight;
    readonly StreamSender _sender;
    readonly EventFramer _framer;
    TailedFile _file;
    FilePosition _position;
    long _batchStart;
    long _batchBegan;
    long _settledBytes;
    long _grownTo;
    bool _isEnded;

    /// <param name="stamps">One clock for all lanes of a source: together they make one stream's order.</param>
    /// <param name="takeTurn">Told before lines are taken: another lane's open batch must go first, or its timestamps
    /// would tie with this one's.</param>
    public Lane(
        LaneRoom room,
        StampClock stamps,
        Action<Lane> takeTurn,
        Func<Action<EventBatch, RejectedLogEventsInfo?>, StreamSender> newSender,
        TailedFile file,
        FilePosition position)
    {
        _room = room;
        _stamps = stamps;
        _takeTurn = takeTurn;
        _inFlight = new(room.Committer.Record);
        _builder = new(room.Memory, () => _inFlight.IsEmpty);
        _sender = newSender(Resolved);
        _framer = new(new() { Start = EventStart.EveryLine }, new(), room.Time);
        _file = file;
        _position = position;
        _settledBytes = position.OffsetBytes;
        LastGrowth = room.Time.GetTimestamp();
        Commit();
    }

    public FileIdentity Identity => _file.Identity;

    public string? CurrentPath => _file.CurrentPath;

    /// <summary>Why the last read failed.</summary>
    public string Fault => _file.Fault;

    /// <summary>Whether the last read found the file's end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether everything that was read is resolved.</summary>
    public bool IsDrained => _builder.Events == 0 && _inFlight.IsEmpty;

    /// <summary>When bytes were last found.</summary>
    public long LastGrowth { get; private set; }

    /// <summary>How far was read, and how long the file was ever seen to be.</summary>
    public (long ReadBytes, long KnownBytes) Extent => (_file.OffsetBytes, _file.KnownLengthBytes);

    /// <summary>How long until the open batch must go; null when none is open.</summary>
    public TimeSpan? Due =>
        _builder.Events == 0 ? null : _room.Linger - _room.Time.GetElapsedTime(_batchBegan);

    /// <summary>Where reading stands: everything before is read, though perhaps not resolved.</summary>
    public FilePosition ReadPosition => _position with
    {
        Identity = _file.Identity,
        Head = _file.Head,
        OffsetBytes = _file.OffsetBytes,
        Anchor = _file.Anchor,
        LastStamp = _stamps.Last
    };

    /// <summary>Reads once, and puts what was read on its way.</summary>
    public LaneProgress Pump(Span<byte> block)
    {
        if (_isEnded)
        {
            return LaneProgress.Idle;
        }

        if (_builder.Events == 0 && !(HasRoom && HasMemory))
        {
            return IsTruncated() ? LaneProgress.Truncated : LaneProgress.Blocked;
        }

        var outcome = _file.Read(block, out var data);
        NoteCut();
        switch (outcome)
        {
            case ReadOutcome.Truncated:
                return LaneProgress.Truncated;
            case ReadOutcome.Failed:
                return LaneProgress.Failed;
            case ReadOutcome.UpToDate:
                IsAtEnd = true;
                return LaneProgress.Idle;
        }

        NoteGrowth();
        NoteHead();
        IsAtEnd = data.Length < TailedFile.ReadBytes;
        var before = _file.OffsetBytes;
        var isBlocked = !TakeLines(data, isFinal: false);
        SettleSkipped();
        return isBlocked ? LaneProgress.Blocked
            : _file.OffsetBytes > before ? LaneProgress.Advanced
            : LaneProgress.Idle;
    }

    /// <summary>Looks without reading.</summary>
    public bool IsTruncated()
    {
        var isTruncated = !_isEnded && _file.IsTruncated();
        NoteCut();
        return isTruncated;
    }

    /// <summary>Sends the open batch if its time is up.</summary>
    public void CloseIfDue()
    {
        if (Due is { } due && due <= TimeSpan.Zero)
        {
            CloseBatch(isFull: false);
        }
    }

    /// <summary>Sends the open batch, if there is one.</summary>
    public void CloseBatch(bool isFull)
    {
        if (_builder.LastStamp is var stamp && _builder.Finish() is not { } body)
        {
            return;
        }

        var end = ReadPosition with { LastStamp = stamp };
        _settledBytes = end.OffsetBytes;
        _stamps.CloseBatch();
        _inFlight.Add(end);
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

        var outcome = _file.Read(block, out var data);
        var isTaken = outcome == ReadOutcome.UpToDate
            || (outcome == ReadOutcome.Data && data.Length < TailedFile.ReadBytes && TakeLines(data, isFinal: true));
        SettleSkipped();
        CloseBatch(isFull: false);
        return isTaken;
    }

    /// <summary>Goes on in a copy that holds what the file held before it was truncated.</summary>
    public void ContinueIn(TailedFile copy)
    {
        CloseBatch(isFull: false);
        _file.Dispose();
        _file = copy;
        IsAtEnd = false;
        Commit();
    }

    /// <summary>Stops reading here: what followed is gone.</summary>
    public void EndHere()
    {
        IsAtEnd = true;
        _isEnded = true;
    }

    /// <summary>Notes that nothing more is expected. To be called once all is drained.</summary>
    public void Finish()
    {
        _position = ReadPosition with { IsFinished = true };
        _room.Committer.Record(_position);
    }

    public void Dispose() => _file.Dispose();

    // While one batch is refused those after it are delivered, but not committed: a kill would repeat them all.
    bool HasRoom => _sender.HasRoom && _inFlight.Count < MostUncommitted;

    // What finds no memory would be read in vain, again at every wake.
    bool HasMemory => _inFlight.IsEmpty || !_room.Memory.IsUsedUp;

    // False when it had to stop for want of room. What was not taken stays before the file's offset.
    bool TakeLines(ReadOnlySpan<byte> data, bool isFinal)
    {
        var end = isFinal ? BlockEnd.Final : BlockEnd.Open;
        var events = _framer.Begin(data, end, _file.OffsetBytes == 0);
        _takeTurn(this);
        var stamp = _stamps.Next();
        var advanced = 0;
        var taken = 0;
        while (events.TryTake(out var line))
        {
            while (!line.Text.IsEmpty)
            {
                var outcome = Append(line.Text, stamp, taken - advanced);
                if (outcome == AppendOutcome.Appended)
                {
                    break;
                }

                // A batch ends where its last line ends, so the file moves on that far first.
                _file.Advance(data[advanced..taken]);
                advanced = taken;
                CloseBatch(outcome == AppendOutcome.Full);
                if (outcome == AppendOutcome.NoMemory || !HasRoom)
                {
                    return false;
                }

                stamp = _stamps.Next();
            }

            taken += line.ConsumedBytes;
        }

        _file.Advance(data[advanced..taken]);
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

    // Blank lines are read and never sent. Where no batch follows them they are resolved on their own.
    void SettleSkipped()
    {
        if (_builder.Events == 0 && _file.OffsetBytes > _settledBytes)
        {
            var end = ReadPosition;
            _settledBytes = end.OffsetBytes;
            _inFlight.Add(end);
            _inFlight.Resolve(end);
        }
    }

    // What is known of the file changed, though nothing was resolved: it must be found again after a restart.
    void Commit()
    {
        if (_builder.Events == 0 && _inFlight.IsEmpty)
        {
            _room.Committer.Record(ReadPosition);
        }
    }

    void NoteCut()
    {
        if (_file.TakeCut() is { } cut)
        {
            _room.Committer.Record(Gaps.Cut(ReadPosition, cut.FromBytes, cut.ToBytes, _room.Time.GetUtcNow()));
        }
    }

    // Without its beginning a file cannot be found again in a copy: it is kept even before anything is delivered.
    void NoteHead()
    {
        if (_file.Head != _position.Head && _settledBytes == _position.OffsetBytes)
        {
            _position = _position with { Head = _file.Head };
            _room.Committer.Record(_position);
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
        if (rejected is { TooOldLogEventEndIndex: not null } or { ExpiredLogEventEndIndex: not null }
            or { TooNewLogEventStartIndex: not null })
        {
            _room.Committer.Record(Gaps.Rejected(batch, rejected, _room.Time.GetUtcNow()));
        }

        _inFlight.Resolve(batch.End);
        batch.Release();
        _room.Wake();
    }
}
