using Agent.Checkpoint;
using Agent.Events;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>What a lane owes: which bytes are on their way, which are resolved, and the row that says how far all of
/// them are. The reader's thread adds, answers come on any.</summary>
sealed class LaneBook
{
    readonly Committer _committer;
    readonly TimeProvider _time;
    readonly Func<long> _seenAt;
    readonly Func<LogTarget?> _target;
    readonly Action<FilePosition> _record;
    readonly InFlight _inFlight;
    readonly FilePosition _first;
    FilePosition _position;
    long _settledBytes;
    long _deliveredBytes;

    /// <param name="seenAt">Up to when all is known that came and went where the file lies: a row that claimed to know
    /// more would hide it from the next start.</param>
    /// <param name="target">Where the events go, once that is known: a position has the names as configured, with
    /// their placeholders.</param>
    /// <param name="record">Told of how far all is resolved, to have it committed.</param>
    public LaneBook(
        Committer committer, TimeProvider time, Func<long> seenAt, Func<LogTarget?> target,
        Action<FilePosition> record, FilePosition position)
    {
        _target = target;
        _record = record;
        _committer = committer;
        _time = time;
        _seenAt = seenAt;
        _inFlight = new(position, Commit);
        _first = position;
        _position = position;
        _deliveredBytes = position.OffsetBytes;
        _settledBytes = position.OffsetBytes;
    }

    public long RowId => _position.Id;

    /// <summary>Whether everything that was handed over is resolved.</summary>
    public bool IsResolved => _inFlight.IsEmpty;

    /// <summary>How many batches are not committed yet.</summary>
    public int Uncommitted => _inFlight.Count;

    /// <summary>How long the oldest batch waits that is not resolved; null when none is.</summary>
    public TimeSpan? OldestAge => _inFlight.OldestSince is { } since ? _time.GetElapsedTime(since) : null;

    /// <summary>Everything before is resolved.</summary>
    public long DeliveredBytes => Volatile.Read(ref _deliveredBytes);

    /// <summary>The same by what is on disk. Any thread may ask.</summary>
    public long CommittedBytes => _committer.CommittedBytes(_first);

    /// <summary>Where reading stands: everything before is read, though perhaps not resolved.</summary>
    public FilePosition At(TailedContent file, long lastStamp) => _position with
    {
        Identity = file.Identity,
        Head = file.Head,
        OffsetBytes = file.OffsetBytes,
        Anchor = file.Anchor,
        Place = file.Place,
        LastStamp = lastStamp,
        SeenAt = _seenAt()
    };

    /// <summary>Goes on in a copy of a file that was truncated.</summary>
    public void NoteCutShort(CutShort? cut) => _position = _position with { CutShort = cut };

    /// <summary>A batch that ends here goes on its way.</summary>
    public void Add(FilePosition end)
    {
        _settledBytes = end.OffsetBytes;
        _inFlight.Add(end, _time.GetTimestamp());
    }

    /// <summary>What was read up to here is not to be sent, and no batch will carry it: blank lines, filtered ones.
    /// </summary>
    public void Settle(FilePosition end)
    {
        if (end.OffsetBytes > _settledBytes)
        {
            Add(end);
            _inFlight.Resolve(end);
        }
    }

    /// <summary>Where reading stood before a batch was filled.</summary>
    public FilePosition Before(EventBatch batch) => _inFlight.Before(batch.End);

    /// <summary>A batch and all after it will be read again.</summary>
    public void TakeBack(EventBatch first)
    {
        _settledBytes = Before(first).OffsetBytes;
        _inFlight.ForgetFrom(first.End);
    }

    /// <summary>What is known of the file changed, though nothing was resolved: it must be found again after a
    /// restart.</summary>
    public void Keep(FilePosition at)
    {
        if (_inFlight.IsEmpty)
        {
            _inFlight.MoveTo(at);
            _record(at);
        }
    }

    /// <summary>Without its beginning a file cannot be found again in a copy: it is kept even before anything is
    /// delivered.</summary>
    public void NoteHead(ContentPrint head)
    {
        if (head != _position.Head && _settledBytes == _position.OffsetBytes)
        {
            _position = _position with { Head = head, SeenAt = _seenAt() };
            _record(_position);
        }
    }

    public void Record(Gap gap) => _committer.Record(
        _target() is { } target ? gap with { LogGroup = target.Group, LogStream = target.Stream } : gap);

    /// <summary>Nothing more is expected. To be called once all is resolved.</summary>
    /// <returns>The row as it is kept.</returns>
    public FilePosition Finish(FilePosition at)
    {
        var finished = at with { IsFinished = true, CutShort = null };
        _record(finished);
        return finished;
    }

    /// <summary>Nothing of a batch is left to send. On any thread.</summary>
    /// <param name="dead">What of it the service will never take.</param>
    public void Resolved(EventBatch batch, IReadOnlyList<DeadEvents> dead)
    {
        foreach (var events in dead)
        {
            Record(Gaps.Dead(batch, events, _time.GetUtcNow()));
        }

        _inFlight.Resolve(batch.End);
        batch.Release();
    }

    void Commit(FilePosition end)
    {
        Volatile.Write(ref _deliveredBytes, end.OffsetBytes);
        _record(end);
    }
}
