namespace Agent.Events;

/// <summary>What was measured on this host for one minute.</summary>
/// <param name="Name">The metric, such as BytesOutToDestination.</param>
/// <param name="Unit">In the service's terms: Bytes, Count, Seconds, Percent.</param>
/// <param name="Minute">Its beginning, in seconds since 1970.</param>
readonly record struct Measurement(string Name, string Unit, long Minute, double Value)
{
    /// <summary>How long after a minute ended it may be measured.</summary>
    public const int LateSeconds = 5;

    /// <summary>The minute that ended last, for what is measured just after.</summary>
    public static long MinuteEndedAt(DateTimeOffset now) => (now.ToUnixTimeSeconds() / 60 * 60) - 60;
}
