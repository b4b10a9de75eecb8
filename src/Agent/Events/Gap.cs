namespace Agent.Events;

/// <summary>Bytes of a watched file that were not delivered and never will be: the record that the promise demands
/// where delivery is impossible.</summary>
/// <param name="SourcePath">The configured path.</param>
/// <param name="FromBytes">The first byte that is missing.</param>
/// <param name="ToBytes">The byte after the last one that was seen to exist: a file that was truncated may have had
/// more. Null where nothing beyond <paramref name="FromBytes"/> was seen, though there may have been.</param>
/// <param name="Reason">What happened, in words.</param>
/// <param name="At">When it was noticed.</param>
sealed record Gap(
    string SourcePath,
    string LogGroup,
    string LogStream,
    FileIdentity Identity,
    long FromBytes,
    long? ToBytes,
    string Reason,
    DateTimeOffset At)
{
    /// <summary>Its log events, where they were read and the service would not take them; null where they were never
    /// seen.</summary>
    public DeadLetter? DeadLetter { get; init; }
}
