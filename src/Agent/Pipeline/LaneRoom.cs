using Agent.Batch;
using Agent.Checkpoint;
using Agent.Events;

namespace Agent.Pipeline;

/// <summary>What all lanes share.</summary>
/// <param name="ServiceTime">The time of day by which events are accepted, for lines that bring none.</param>
/// <param name="Wake">Wakes the reader: memory or room in a window has become free.</param>
sealed record LaneRoom(
    SegmentPool Memory, Committer Committer, TimeProvider Time, TimeProvider ServiceTime, TimeSpan Linger, Action Wake);

/// <summary>Makes what takes a lane's events.</summary>
/// <param name="resolved">Told of a batch of which nothing is left to send.</param>
delegate LaneEnd NewEnd(
    LaneRoom room, LaneBook book, StampClock stamps, Action<EventBatch, IReadOnlyList<DeadEvents>> resolved);
