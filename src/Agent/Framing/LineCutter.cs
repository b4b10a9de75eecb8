namespace Agent.Framing;

/// <summary>What was found where a line begins.</summary>
enum LineFind
{
    Line,

    /// <summary>Its end is not in the block yet.</summary>
    Incomplete,

    /// <summary>It does not fit the event.</summary>
    TooLong
}

/// <summary>Cuts raw bytes into lines. A line ends with LF or CRLF.</summary>
/// <param name="longestBytes">How far from the event's beginning its last line may end.</param>
readonly struct LineCutter(CodeUnit unit, int longestBytes)
{
    /// <summary>With fewer bytes it cannot be told whether a line of the longest kind has its end.</summary>
    public int WindowBytes => longestBytes + (2 * unit.Bytes);

    /// <summary>Finds the line that begins at <paramref name="from"/> in the event's bytes.</summary>
    /// <param name="textEnd">Where its text ends.</param>
    /// <param name="next">Where the next line begins.</param>
    public LineFind Find(ReadOnlySpan<byte> raw, int from, bool isFinal, out int textEnd, out int next)
    {
        var window = raw[from..Math.Min(raw.Length, WindowBytes)];
        var end = unit.IndexOf(window, (byte)'\n');
        if (end >= 0)
        {
            textEnd = from + unit.WithoutCarriageReturn(window[..end]).Length;
            next = from + end + unit.Bytes;
            return textEnd > longestBytes ? LineFind.TooLong : LineFind.Line;
        }

        (textEnd, next) = (raw.Length, raw.Length);
        return raw.Length >= WindowBytes || (isFinal && raw.Length > longestBytes) ? LineFind.TooLong
            : isFinal ? LineFind.Line
            : LineFind.Incomplete;
    }
}
