using Agent.Events;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>A file of the past that was found.</summary>
/// <param name="Position">Where it is read on.</param>
/// <param name="IsComplete">Nobody writes to it any more.</param>
/// <param name="IsKnown">It was read before; else nobody knew it.</param>
/// <param name="CutShort">It is a copy of a file that was truncated; null when it is no copy.</param>
sealed record FoundPast(
    FilePosition Position, TailedContent File, string Path, bool IsComplete, bool IsKnown, CutShort? CutShort);
