using Agent.Events;

namespace Agent.Pipeline;

/// <summary>A position whose file must be found: after a start, after a truncation, or since it is gone from where it
/// was.</summary>
/// <param name="KnownBytes">The longest the file was seen to be.</param>
/// <param name="IsTruncated">The file is there, but what it held is not.</param>
sealed record Missing(FilePosition Position, long KnownBytes, bool IsTruncated);
