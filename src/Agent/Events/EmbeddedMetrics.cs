namespace Agent.Events;

/// <summary>Log events that metrics are made of. Source: CloudWatch user guide, "Specification: Embedded metric
/// format"; told apart as the CloudWatch agent does.</summary>
static class EmbeddedMetrics
{
    /// <param name="text">UTF-8, not empty.</param>
    public static bool AreIn(ReadOnlySpan<byte> text) =>
        text[0] == (byte)'{' && text[^1] == (byte)'}' && text.IndexOf("\"CloudWatchMetrics\""u8) > 0;
}
