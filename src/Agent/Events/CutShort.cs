namespace Agent.Events;

/// <summary>A file that was truncated, and how long it was seen to be before.</summary>
sealed record CutShort(FileIdentity File, long KnownBytes);
