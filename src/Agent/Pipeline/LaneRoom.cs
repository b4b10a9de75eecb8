using Agent.Batch;
using Agent.Checkpoint;

namespace Agent.Pipeline;

/// <summary>What all lanes share.</summary>
/// <param name="ServiceTime">The time of day by which events are accepted, for lines that bring none.</param>
/// <param name="Wake">Wakes the reader: memory or room in a window has become free.</param>
sealed record LaneRoom(
    SegmentPool Memory, Committer Committer, TimeProvider Time, TimeProvider ServiceTime, TimeSpan Linger, Action Wake);
