using CloudWatch;

namespace Agent.Framing;

/// <summary>Whether an event begins at a line.</summary>
/// <param name="utf8Line">The line without its end, valid UTF-8.</param>
delegate bool StartsEvent(ReadOnlySpan<byte> utf8Line);

/// <summary>Which lines begin an event. A file's first line always does, and so does what follows a run of NULs.
/// </summary>
enum EventStart
{
    /// <summary>A line whose first byte is not white space: indented and empty lines continue the event. What the
    /// CloudWatch agent does when nothing is configured.</summary>
    UnindentedLine,

    /// <summary>Every line is an event.</summary>
    EveryLine,

    /// <summary>A line that <see cref="FramingPlan.StartsEvent"/> says yes to.</summary>
    Pattern,

    /// <summary>Events are told by no lines: a block is a row of <see cref="Events.EventRecord"/>s.</summary>
    Record
}

/// <summary>How a file's bytes become log events: what the configuration says, checked before.</summary>
sealed record FramingPlan
{
    /// <summary>A name that <see cref="FileEncoding.TryFind"/> knows; null for UTF-8 unless the file begins with the
    /// byte order mark of another encoding.</summary>
    public string? EncodingName { get; init; }

    /// <summary>The bytes of a character's smallest part.</summary>
    public int UnitBytes => EncodingName is null ? 1 : FileEncoding.TryFind(EncodingName)?.Unit.Bytes ?? 1;

    public EventStart Start { get; init; }

    /// <summary>Asked where <see cref="Start"/> is a pattern.</summary>
    public StartsEvent? StartsEvent { get; init; }

    /// <summary>Whether that pattern is the expression of <see cref="TimestampFormat"/> and nothing else.</summary>
    public bool StartsByStamp { get; init; }

    /// <summary>In the tokens of the CloudWatch agent and of strptime; null when events bear no timestamp.</summary>
    public string? TimestampFormat { get; init; }

    /// <summary>Where timestamps without a zone were written.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Whether the timestamp is cut out of the text, with the white space after it.</summary>
    public bool TrimsTimestamp { get; init; }

    /// <summary>The longest text of one event, in UTF-8 bytes, and of what it was decoded from, in raw bytes. At least
    /// 16.</summary>
    public int LongestBytes { get; init; } = Limits.EventBytes;
}
