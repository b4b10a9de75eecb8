using System.Collections;
using Agent.Batch;
using Agent.Events;
using Agent.Native;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>The files of one source that are being read, oldest first: begins and ends their lanes, and with them what
/// a file in use takes: a claim, a handle, and the turn in the stream.</summary>
sealed class Lives : IReadOnlyList<Life>
{
    readonly SourcePlan _plan;
    readonly SourceRoom _room;
    readonly Intake _intake;
    readonly StampClock _stamps;
    readonly Source _owner;
    readonly Unseen _unseen;
    readonly List<Life> _lives = [];
    Lane? _turn;

    /// <param name="lastStamp">The last timestamp of the run before.</param>
    public Lives(
        SourcePlan plan, SourceRoom room, Intake intake, Source owner, Unseen unseen, long lastStamp)
    {
        _plan = plan;
        _room = room;
        _intake = intake;
        _owner = owner;
        _unseen = unseen;
        _stamps = new(room.Lanes.ServiceTime, lastStamp);
    }

    public int Count => _lives.Count;

    /// <summary>What was delivered of files that are read no more.</summary>
    public DeliveryTotals Ended { get; private set; }

    /// <summary>The file at the path; null when it is not being read.</summary>
    public Life? Current => _lives.Find(life => !life.IsPast);

    public Life this[int index] => _lives[index];

    /// <summary>How long until the next batch must go; null when none is open.</summary>
    public TimeSpan? BatchDue
    {
        get
        {
            TimeSpan? least = null;
            foreach (var life in _lives)
            {
                var due = life.Lane.BatchDue;
                least = least is null || due < least ? due : least;
            }

            return least;
        }
    }

    // Asked of every source at each change: what goes through them allocates nothing.
    public List<Life>.Enumerator GetEnumerator() => _lives.GetEnumerator();

    IEnumerator<Life> IEnumerable<Life>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Exists(Predicate<Life> isIt) => _lives.Exists(isIt);

    public bool TrueForAll(Predicate<Life> isIt) => _lives.TrueForAll(isIt);

    /// <summary>Where the files stand.</summary>
    public IEnumerable<FilePosition> Positions => _lives.Select(life => life.Lane.ReadPosition);

    /// <summary>The destination that a file is claimed for.</summary>
    string Destination => _plan.Entry.Destination;

    /// <summary>The life that reads a file, or what was compressed into it; null when none does.</summary>
    public Life? ReaderOf(TailedContent file) => _lives.Find(life =>
        life.Lane.Identity == file.Identity || (file is GzipFile packed && life.IsPackedIn(packed)));

    /// <summary>Begins to read a file, before the ones that are newer.</summary>
    /// <param name="index">Its place by age.</param>
    /// <remarks>The handle is taken already, be it beyond the budget.</remarks>
    public Life Insert(int index, TailedContent file, FilePosition position, bool isPast)
    {
        Take(file);
        var life = new Life(new(
            _room.Lanes, _intake, _stamps, () => _unseen.SeenAt, TakeTurn,
            _room.NewEnd(_plan), file, position))
        {
            PastSince = isPast ? _room.Lanes.Time.GetTimestamp() : null,
            OpenSince = _room.Lanes.Time.GetTimestamp()
        };
        if (life.Lane.Sender is { } sender)
        {
            sender.CallReader = () => _room.Calls.Add(_owner);
        }

        _lives.Insert(index, life);
        return life;
    }

    /// <summary>Begins to read a file of the past: it is older than the one at the path.</summary>
    public Life AddPast(TailedContent file, FilePosition position) =>
        Insert(
            FirstWhere(life => !life.IsPast || life.Lane.RowId > position.Id), file, position, isPast: true);

    /// <summary>Begins to read a file of the past that nobody knew: it takes its place by age.</summary>
    public Life AddUnseen(TailedContent file, FilePosition position) =>
        Insert(FirstWhere(life => !life.IsPast || life.Lane.Content.Since > file.Since), file, position, isPast: true);

    public int IndexOf(Life life) => _lives.IndexOf(life);

    /// <summary>Goes on in the copy of what a file held.</summary>
    /// <param name="cut">What is to be recorded at the copy's end; null when it was recorded.</param>
    public void ContinueIn(Life life, TailedContent copy, CutShort? cut)
    {
        if (life.Lane.IsReleased)
        {
            _room.Handles.TakeAnyway();
        }

        var before = life.Lane.Identity;
        Take(copy);
        life.Lane.ContinueIn(copy, cut);
        life.WantsHandle = false;
        GiveBackUnlessUsed(before);
    }

    /// <summary>Goes on in what was kept of a deleted file, which is open.</summary>
    public void GoOver(Life life, SpooledFile kept)
    {
        var before = life.Lane.Identity;
        Take(kept);
        life.Lane.GoOver(kept);
        _room.Handles.GiveBack();
        GiveBackUnlessUsed(before);
    }

    /// <summary>Closes a file for now; it is opened again when it changes, or has more to read. Not one that was
    /// deleted, also while nobody has noticed: the handle is the only way to it.</summary>
    /// <returns>Whether it was closed.</returns>
    public bool TryRelease(Life life)
    {
        if (life.Lane.Content is not TailedFile { IsReleased: false, CurrentPath: not null } file)
        {
            return false;
        }

        life.WantsHandle = !life.Lane.IsIdle;
        file.Release();
        _room.Handles.GiveBack();
        return true;
    }

    /// <summary>Looks whether a rotated file that was closed has grown, or is gone.</summary>
    public void LookAtReleased(Life life)
    {
        var renamed = _room.Neighbours.Of(_plan.Path).WithInode(life.Lane.Identity.Inode)
            .FirstOrDefault(sibling => sibling.Identity == life.Lane.Identity);
        life.WantsHandle |= renamed is null || !FileFacts.TryOf(renamed.Path, out var facts, out _)
            || life.Lane.Content.HasChanged(facts.LengthBytes, facts.Modified);
    }

    /// <summary>Opens a file again that was closed for a while, wherever it is now.</summary>
    /// <param name="fault">Why not yet; null with false when the file is nowhere.</param>
    public bool TryReopen(Life life, out string? fault)
    {
        fault = null;
        life.WantsHandle &= life.Lane.IsReleased;
        if (!life.WantsHandle)
        {
            return true;
        }

        if (!_room.Handles.TryTake())
        {
            fault = HandleBudget.WaitsForItsTurn;
            return false;
        }

        if (TryReopenAt(life, _plan.Path, ref fault) || (fault is null && TryReopenBeside(life, ref fault)))
        {
            life.WantsHandle = false;
            life.OpenSince = _room.Lanes.Time.GetTimestamp();
            return true;
        }

        _room.Handles.GiveBack();
        return false;
    }

    /// <summary>Ends a file that is drained.</summary>
    /// <returns>Its row as it is kept.</returns>
    public FilePosition End(Life life, bool isFinished)
    {
        var row = isFinished ? life.Lane.Finish() : life.Lane.ReadPosition;
        if (life.Lane.Content.HoldsHandle)
        {
            _room.Handles.GiveBack();
        }

        life.Lane.Sender?.Retire();
        Ended = Ended.And(life.Lane.Sender?.Status);
        life.Lane.Dispose();
        _lives.Remove(life);
        GiveBackUnlessUsed(life.Lane.Identity);
        return row;
    }

    /// <summary>Lets others read a file, unless one of these is the same: what a truncation left and what followed it
    /// have one identity.</summary>
    public void GiveBackUnlessUsed(FileIdentity identity)
    {
        if (!_lives.Exists(life => life.Lane.Identity == identity))
        {
            _room.Claims.GiveBack(identity, Destination, _owner);
        }
    }

    /// <summary>Lets go of all files.</summary>
    /// <param name="held">Takes over those that are open: the handle leads to them, whatever becomes of their
    /// names.</param>
    public void LeaveTo(HeldFiles held)
    {
        foreach (var life in _lives)
        {
            var file = life.Lane.Content;
            if (file.HoldsHandle)
            {
                _room.Handles.GiveBack();
            }

            life.Lane.Sender?.Retire();
            if (!life.Lane.IsEnded && file is TailedFile { IsReleased: false } open)
            {
                // It may be deleted by now, or lie where nobody would look for it.
                held.Keep(life.Lane.RowId, open);
            }
            else
            {
                life.Lane.Dispose();
            }
        }

        _lives.Clear();
    }

    public void Dispose() => _lives.ForEach(life => life.Lane.Dispose());

    void Take(TailedContent file)
    {
        _room.Claims.TryTake(file.Identity, Destination, _owner);
        if (file is GzipFile packed)
        {
            _room.Claims.NoteBegun(packed, Destination);
        }
    }

    int FirstWhere(Predicate<Life> isIt) => _lives.FindIndex(isIt) is >= 0 and var index ? index : _lives.Count;

    bool TryReopenBeside(Life life, ref string? fault)
    {
        var beside = _room.Neighbours.Of(_plan.Path);
        fault = beside.Fault == default ? null : beside.Fault.Text;
        var renamed = beside.WithInode(life.Lane.Identity.Inode);
        foreach (var sibling in renamed.Where(sibling => sibling.Identity == life.Lane.Identity))
        {
            if (TryReopenAt(life, sibling.Path, ref fault))
            {
                return true;
            }
        }

        return false;
    }

    static bool TryReopenAt(Life life, string path, ref string? fault)
    {
        if (life.Lane.TryReopen(path, out var why))
        {
            return true;
        }

        fault = why == default(FileFault) || why.IsAbsent ? fault : $"{path}: {why.Text}";
        return false;
    }

    void TakeTurn(Lane lane)
    {
        if (_turn != lane)
        {
            _turn?.CloseBatch();
            _turn = lane;
        }
    }
}
