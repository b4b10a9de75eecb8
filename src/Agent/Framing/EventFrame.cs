namespace Agent.Framing;

/// <summary>One log event, cut out of a block of bytes.</summary>
readonly ref struct EventFrame
{
    readonly long _stamp;
    readonly bool _hasStamp;

    public EventFrame(ReadOnlySpan<byte> text, int consumedBytes)
    {
        Text = text;
        ConsumedBytes = consumedBytes;
    }

    public EventFrame(ReadOnlySpan<byte> text, int consumedBytes, long? stamp, bool isStampInherited)
        : this(text, consumedBytes)
    {
        _stamp = stamp.GetValueOrDefault();
        _hasStamp = stamp.HasValue;
        IsStampInherited = isStampInherited;
    }

    /// <summary>Valid UTF-8 within the plan's limit, without the last line end, and good until the next event is taken.
    /// Empty where there is nothing to send: a blank line, a run of NULs, a byte order mark.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>How far to move on in the file.</summary>
    public int ConsumedBytes { get; }

    /// <summary>Milliseconds since 1970 UTC; null without a timestamp format, and until the first one of the file was
    /// read.</summary>
    public long? Stamp => _hasStamp ? _stamp : null;

    /// <summary>The stamp is that of an earlier event, if there was one.</summary>
    public bool IsStampInherited { get; }
}
