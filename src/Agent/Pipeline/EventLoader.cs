using Agent.Batch;
using Agent.Events;
using Agent.Framing;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Takes the events that stand in a file's blocks into where the lane ends: those that are not wanted are
/// passed over, and where a batch is full the next is begun. The file moves on by what was taken.</summary>
sealed class EventLoader
{
    readonly Intake _intake;
    readonly LaneBook _book;
    readonly LaneEnd _end;
    readonly StampClock _stamps;
    readonly Action _takeTurn;
    readonly TimeProvider _time;
    EventFramer _framer;

    /// <param name="takeTurn">Told before events are taken: another lane's open batch must go first.</param>
    /// <param name="lastStamp">The timestamp of the event before where reading begins; 0 when there is none.</param>
    public EventLoader(
        Intake intake, LaneBook book, LaneEnd end, StampClock stamps, Action takeTurn, TimeProvider time,
        TailedContent file, long lastStamp)
    {
        _intake = intake;
        _book = book;
        _end = end;
        _stamps = stamps;
        _takeTurn = takeTurn;
        _time = time;
        _framer = intake.NewFramer(file, time, lastStamp);
    }

    /// <summary>Whether a last event is held back that may be continued.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Where reading stands in a file: everything before is taken, though perhaps not resolved.</summary>
    public FilePosition PositionIn(TailedContent file) => _book.At(file, _framer.LastStamp ?? _stamps.Last);

    /// <summary>Keeps where reading stands, unless what was taken is not on its way yet.</summary>
    public void Keep(TailedContent file)
    {
        if (_end.IsEmpty)
        {
            _book.Keep(PositionIn(file));
        }
    }

    /// <summary>Goes back to before what is denied, if something is and the file still holds it.</summary>
    public bool TryTakeBackDenied(TailedContent file)
    {
        (EventBatch? first, FilePosition? position) = (null, null);
        if (_end.Sender?.TryTakeBack(denied => file.TryGoBackTo(position = _book.Before(first = denied))) != true)
        {
            return false;
        }

        _book.TakeBack(first!);
        _end.Discard();
        _framer = _intake.NewFramer(file, _time, position!.LastStamp);
        IsHolding = false;
        return true;
    }

    /// <summary>Goes on in a copy of the file.</summary>
    public void ContinueIn(TailedContent copy) =>
        _framer = _intake.NewFramer(copy, _time, _framer.LastStamp ?? 0);

    /// <summary>The file's end was read, and nothing is held back.</summary>
    public void NoteEnd() => IsHolding = false;

    /// <summary>Takes a block's events.</summary>
    /// <returns>False when it had to stop for want of room. What was not taken stays before the file's
    /// offset.</returns>
    public bool TryTake(TailedContent file, ReadOnlySpan<byte> data, BlockEnd end)
    {
        _takeTurn();
        var now = _stamps.Next();
        IsHolding = false;
        var (advanced, taken) = (0, 0);
        var events = _framer.Begin(data, end, file.OffsetBytes == 0);
        while (true)
        {
            taken += TakePlain(ref events, now, file.OffsetBytes + taken - advanced);
            if (!events.TryTake(out var frame))
            {
                break;
            }

            var isWanted = !frame.Text.IsEmpty && (_intake.Filter?.Keeps(frame.Text) ?? true);
            while (isWanted && _end.TryAppend(
                frame.Text, frame.Stamp ?? now, file.OffsetBytes + taken - advanced) is var outcome
                && outcome != AppendOutcome.Appended)
            {
                // A batch ends where its last event ends, so the file moves on that far first.
                file.Advance(data[advanced..taken]);
                var span = taken - advanced;
                advanced = taken;
                CloseBatch(file, outcome == AppendOutcome.Full);
                if (outcome == AppendOutcome.NoMemory || !_end.HasRoom)
                {
                    return false;
                }

                if (data.Length == TailedContent.ReadBytes && _end.IsBetterLeft(data.Length - taken, span))
                {
                    return true;
                }

                now = _stamps.Next();
            }

            taken += frame.ConsumedBytes;
        }

        file.Advance(data[advanced..taken]);
        IsHolding = end == BlockEnd.Open && data[taken..].Contains((byte)'\n');
        if (_end.HasRead(file.OffsetBytes))
        {
            CloseBatch(file, isFull: true);
        }

        return true;
    }

    // Most of a log is lines that are an event each.
    int TakePlain(scoped ref BlockEvents block, long now, long atBytes)
    {
        var taken = _end.TakesUnchecked ? TakeUnchecked(ref block) : 0;
        if (taken > 0 || block.PlainLines(now) is not { Bytes.IsEmpty: false } lines)
        {
            return taken;
        }

        taken = _end.AppendLines(lines, atBytes, _intake.Filter, out var events);
        block.SkipPlain(taken, events);
        return taken;
    }

    int TakeUnchecked(scoped ref BlockEvents block)
    {
        var taken = 0;
        while (block.UncheckedLines() is { IsEmpty: false } lines && _end.AppendUnchecked(lines) is > 0 and var bytes)
        {
            block.SkipPlain(bytes, 0);
            taken += bytes;
        }

        return taken;
    }

    /// <summary>Sends the open batch, if there is one.</summary>
    public void CloseBatch(TailedContent file, bool isFull)
    {
        if (!_end.IsEmpty)
        {
            _end.Close(PositionIn(file), isFull);
        }
    }

    /// <summary>What was passed over is resolved, unless a batch will carry it.</summary>
    public void SettleSkipped(TailedContent file)
    {
        if (_end.IsEmpty)
        {
            _book.Settle(PositionIn(file));
        }
    }
}
