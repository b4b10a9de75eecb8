using System.Buffers;
using Agent.Batch;
using Agent.Events;
using Agent.Filter;
using Agent.Upload;

namespace Agent.Pipeline;

/// <summary>The batch that a lane is filling: whether there is room for it, where in the file it begins, and when it
/// must go to the sender.</summary>
sealed class OpenBatch(LaneRoom room, LaneBook book, StampClock stamps, StreamSender sender)
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
    long _began;

    /// <summary>Who sends it.</summary>
    public StreamSender Sender => sender;

    public bool IsEmpty => _builder.Events == 0;

    /// <summary>Whether it spans as much of the file as it may, when reading came that far: where most lines are not
    /// wanted a batch on trial would else read on and on.</summary>
    public bool HasRead(long untilBytes) => !IsEmpty && untilBytes - _startBytes > _mostBytes;

    /// <summary>How long until it must go; null when nothing is in it.</summary>
    public TimeSpan? Due => IsEmpty ? null : room.Linger - room.Time.GetElapsedTime(_began);

    /// <summary>Since when an event was held back that comes next; null where none was. It has waited for as long
    /// already, and its batch waits less for it.</summary>
    public long? HeldSince { get; set; }

    /// <summary>Whether another batch may go. While one is refused those after it are delivered, but not committed: a
    /// kill would repeat them all.</summary>
    public bool HasRoom => sender.HasRoom && book.Uncommitted < MostUncommitted;

    /// <summary>Whether a first event would find room: what finds none would be read in vain, again at every wake.
    /// </summary>
    /// <param name="waitingBytes">How much of the file is to be read.</param>
    /// <param name="blockedSince">Since when it was not read for want of room.</param>
    public bool MayBegin(long waitingBytes, long blockedSince) => HasRoom && (!room.Memory.IsUsedUp
        || (book.IsResolved && (waitingBytes <= Little || room.Time.GetElapsedTime(blockedSince) >= MemoryPatience)));

    /// <summary>Takes an event in, if it fits.</summary>
    /// <param name="atBytes">Where in the file it begins.</param>
    public AppendOutcome TryAppend(ReadOnlySpan<byte> text, long stamp, long atBytes)
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

    /// <summary>Takes in as many lines as it may without more ado, each as an event, but for those that are not
    /// wanted.</summary>
    /// <param name="lines">Whole lines of valid UTF-8.</param>
    /// <param name="atBytes">Where in the file they begin.</param>
    /// <param name="continuing">What a line begins with that belongs to the one before.</param>
    /// <param name="filter">Null where all are wanted.</param>
    /// <param name="events">How many, wanted or not.</param>
    /// <returns>How many bytes that was.</returns>
    public int AppendLines(
        ReadOnlySpan<byte> lines, long stamp, long atBytes, SearchValues<byte>? continuing, EventFilter? filter,
        out int events)
    {
        (var taken, events) = (0, 0);
        var most = IsEmpty ? lines.Length : Math.Min(lines.Length, _mostBytes - (atBytes - _startBytes));
        for (; taken < most; events++)
        {
            var rest = lines[taken..];
            var bytes = filter is null ? 0 : filter.DropLine(rest, continuing);
            if (bytes == 0)
            {
                bytes = _builder.TryAppendLine(rest, stamp, continuing);
                if (bytes == 0)
                {
                    break;
                }

                _hasMetrics |= rest[0] == (byte)'{' && EmbeddedMetrics.AreIn(rest[..bytes].TrimEnd("\r\n"u8));
                _starts.Add(atBytes + taken - _startBytes);
            }

            taken += bytes;
        }

        return taken;
    }

    /// <summary>Whether what is left of a block is better read again later: it fills no batch, and a batch that waits
    /// to be filled is memory that others could fill.</summary>
    /// <param name="batchBytes">How much of the file the last batch took.</param>
    public bool IsBetterLeft(int restBytes, int batchBytes) => restBytes < batchBytes && room.Memory.IsScarce;

    /// <summary>Throws away what is in it: it will be read again.</summary>
    public void Discard()
    {
        _builder.Finish()?.Release();
        _starts.Return();
    }

    /// <summary>Sends it, if there is something in it.</summary>
    /// <param name="end">Where its last event ends.</param>
    /// <param name="isFull">It goes because no more fits, not because its time is up.</param>
    public void Close(FilePosition end, bool isFull)
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
