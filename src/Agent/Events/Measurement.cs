namespace Agent.Events;

/// <summary>What was measured on this host for one minute.</summary>
/// <param name="Name">The metric, such as BytesOutToDestination.</param>
/// <param name="Unit">In the service's terms: Bytes, Count, Seconds, Percent.</param>
/// <param name="Minute">Its beginning, in seconds since 1970.</param>
readonly record struct Measurement(string Name, string Unit, long Minute, double Value)
{
    /// <summary>The turn of a minute that is nearest: what is measured just after the clock struck is of the minute that
    /// ended then.</summary>
    public static long TurnNearest(long unixSeconds) => (unixSeconds + 30) / 60 * 60;

    /// <summary>The minute that what is measured now is of.</summary>
    public static long MinuteEndedAt(DateTimeOffset now) => TurnNearest(now.ToUnixTimeSeconds()) - 60;
}
