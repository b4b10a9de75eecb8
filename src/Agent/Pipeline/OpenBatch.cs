using Agent.Batch;
using Agent.Events;
using Agent.Filter;
using Agent.Upload;

namespace Agent.Pipeline;

/// <summary>The batch that a lane is filling: whether there is room for it, where in the file it begins, and when it
/// must go to the sender.</summary>
sealed class OpenBatch(LaneRoom room, LaneBook book, StampClock stamps, StreamSender sender) : LaneEnd
{
    const int MostUncommitted = 64;

    // So little is worth a batch in memory beyond the budget. Who has more waits a while for what others give back.
    const int Little = 64 * 1024;
    static readonly TimeSpan MemoryPatience = TimeSpan.FromSeconds(1);

    readonly BatchBuilder _builder = new(room.Memory, () => book.IsResolved);
    EventStarts _starts = new();
    long _startBytes;
    long _mostBytes; // of the file that it may span
    bool _hasMetrics;
    bool _isLastWanted; // the last line was taken: the next is likely to be
    long _began;

    /// <summary>Who sends it.</summary>
    public override StreamSender Sender => sender;

    public override bool IsEmpty => _builder.Events == 0;

    /// <summary>Whether it spans as much of the file as it may, when reading came that far: where most lines are not
    /// wanted a batch on trial would else read on and on.</summary>
    public override bool HasRead(long untilBytes) => !IsEmpty && untilBytes - _startBytes > _mostBytes;

    /// <summary>How long until it must go; null when nothing is in it.</summary>
    public override TimeSpan? Due => IsEmpty ? null : room.Linger - room.Time.GetElapsedTime(_began);

    /// <summary>Whether another batch may go. While one is refused those after it are delivered, but not committed: a
    /// kill would repeat them all.</summary>
    public override bool HasRoom => sender.HasRoom && book.Uncommitted < MostUncommitted;

    public override bool MayBegin(long waitingBytes, long blockedSince) => HasRoom && (!IsShortOfMemory
        || (book.IsResolved && (waitingBytes <= Little || room.Time.GetElapsedTime(blockedSince) >= MemoryPatience)));

    // Where many fill batches each would get pieces of what the others left, and pieces are hashed and sent one by one.
    bool IsShortOfMemory => room.Memory.IsUsedUp
        || (sender.Full is { Streams: > 1, Batches: var full } && full >= room.Memory.WholeBatches);

    public override AppendOutcome TryAppend(ReadOnlySpan<byte> text, long stamp, long atBytes)
    {
        var isFirst = IsEmpty;
        if (!isFirst && atBytes - _startBytes > _mostBytes)
        {
            return AppendOutcome.Full;
        }

        var outcome = _builder.TryAppend(text, stamp);
        if (outcome != AppendOutcome.Appended)
        {
            return outcome;
        }

        if (isFirst)
        {
            _startBytes = atBytes;
            _mostBytes = sender.IsOnTrial ? Flights.TrialBytes : EventStarts.Farthest;
            _began = HeldSince ?? room.Time.GetTimestamp();
            HeldSince = null;
        }

        _hasMetrics = (_hasMetrics && !isFirst) || EmbeddedMetrics.AreIn(text);
        _starts.Add(atBytes - _startBytes);
        return outcome;
    }

    public override int AppendLines(
        scoped in EventLines lines, long atBytes, EventFilter? filter, out int events)
    {
        (var taken, events) = (0, 0);
        var bytes = lines.Bytes;
        var most = IsEmpty ? bytes.Length : (int)Math.Clamp(_mostBytes - (atBytes - _startBytes), 0, bytes.Length);
        for (; taken < most; events++)
        {
            // As the line before, so this one: most often. One that is wanted is cheaper to judge when it is copied,
            // which finds its end; one that is not need not be copied.
            if (filter is not null && !_isLastWanted)
            {
                taken += filter.DropLines(lines, taken, most, ref events);
            }

            var unjudged = _isLastWanted ? filter : null;
            var lineBytes = taken < most ? _builder.TryAppendLine(lines, taken) : 0;
            _isLastWanted = lineBytes > 0 && (unjudged?.KeepsLine(bytes.Slice(taken, lineBytes)) ?? true);
            if (lineBytes == 0)
            {
                break;
            }

            if (_isLastWanted)
            {
                _hasMetrics |= bytes[taken] == (byte)'{'
                    && EmbeddedMetrics.AreIn(bytes.Slice(taken, lineBytes).TrimEnd("\r\n"u8));
                _starts.Add(atBytes + taken - _startBytes);
            }
            else
            {
                _builder.TakeLineBack();
            }

            taken += lineBytes;
        }

        return taken;
    }

    /// <summary>Whether what is left of a block is better read again later: it fills no batch, and a batch that waits
    /// to be filled is memory that others could fill.</summary>
    public override bool IsBetterLeft(int restBytes, int batchBytes) =>
        restBytes < batchBytes && (room.Memory.IsScarce || sender.Full.Streams > 1);

    public override void Record(FilePosition end) => room.Committer.Record(end);

    public override void Discard()
    {
        _builder.Finish()?.Release();
        _starts.Return();
    }

    public override void Close(FilePosition end, bool isFull)
    {
        if (_builder.Finish() is not { } body)
        {
            return;
        }

        var starts = _starts;
        _starts = new();
        if (body.Order is { } order)
        {
            starts.Reorder(order);
        }

        stamps.CloseBatch();
        book.Add(end);
        sender.Enqueue(new(body.Segments, body.Events, _startBytes, end, isFull, () =>
        {
            body.Release();
            starts.Return();
        })
        {
            FirstStamp = body.FirstStamp,
            HasMetrics = _hasMetrics,
            Starts = starts
        });
    }
}
