using Agent.Batch;
using Agent.Events;
using Agent.Filter;
using Agent.Upload;

namespace Agent.Pipeline;

/// <summary>Where a lane's events go: into batches for the service (<see cref="OpenBatch"/>), or past the detections
/// (<see cref="WatchEnd"/>). What is said here is of an end that takes everything at once and keeps nothing.</summary>
abstract class LaneEnd
{
    /// <summary>Who sends what was taken; null where nothing is sent.</summary>
    public virtual StreamSender? Sender => null;

    /// <summary>Whether nothing is kept that was taken: what was read is then resolved.</summary>
    public virtual bool IsEmpty => true;

    /// <summary>How long until what is kept must go; null when nothing is.</summary>
    public virtual TimeSpan? Due => null;

    /// <summary>Since when an event was held back that comes next; null where none was. It has waited for as long
    /// already, and its batch waits less for it.</summary>
    public long? HeldSince { get; set; }

    /// <summary>Whether another batch may go.</summary>
    public virtual bool HasRoom => true;

    /// <summary>Whether a first event would find room: what finds none would be read in vain, again at every wake.
    /// </summary>
    /// <param name="waitingBytes">How much of the file is to be read.</param>
    /// <param name="blockedSince">Since when it was not read for want of room.</param>
    public virtual bool MayBegin(long waitingBytes, long blockedSince) => true;

    /// <summary>Whether what is kept spans as much of the file as it may, when reading came that far.</summary>
    public virtual bool HasRead(long untilBytes) => false;

    /// <summary>Takes an event in, if it fits.</summary>
    /// <param name="atBytes">Where in the file it begins.</param>
    public abstract AppendOutcome TryAppend(ReadOnlySpan<byte> text, long stamp, long atBytes);

    /// <summary>Takes in as many lines as it may without more ado, each as an event, but for those that are not
    /// wanted.</summary>
    /// <param name="atBytes">Where in the file they begin.</param>
    /// <param name="filter">Null where all are wanted.</param>
    /// <param name="events">How many, wanted or not.</param>
    /// <returns>How many bytes that was.</returns>
    public abstract int AppendLines(
        scoped in EventLines lines, long atBytes, EventFilter? filter, out int events);

    /// <summary>Whether most lines need not be valid UTF-8 to be taken.</summary>
    public virtual bool TakesUnchecked => false;

    /// <summary>Takes in as many lines as it may whatever bytes they hold, each as an event.</summary>
    /// <param name="lines">Whole lines.</param>
    /// <returns>How many bytes that was. What follows is to be taken otherwise.</returns>
    public virtual int AppendUnchecked(ReadOnlySpan<byte> lines) => 0;

    /// <summary>Whether what is left of a block is better read again later.</summary>
    /// <param name="batchBytes">How much of the file the last batch took.</param>
    public virtual bool IsBetterLeft(int restBytes, int batchBytes) => false;

    /// <summary>Has it committed that all before a position is resolved.</summary>
    public abstract void Record(FilePosition end);

    /// <summary>Throws away what is kept: it will be read again.</summary>
    public virtual void Discard()
    {
    }

    /// <summary>Sends what is kept.</summary>
    /// <param name="end">Where its last event ends.</param>
    /// <param name="isFull">It goes because no more fits, not because its time is up.</param>
    public virtual void Close(FilePosition end, bool isFull)
    {
    }
}
