namespace Agent.Framing;

/// <summary>Cuts blocks of bytes into lines. A line ends with LF or CRLF. A line without its end yet is left alone,
/// unless it already is longer than a log event may be: then as much as fits is taken, and the rest follows as
/// events of its own, so that nothing is lost and memory stays bounded.</summary>
static class Lines
{
    /// <summary>Takes the next line off the block.</summary>
    /// <param name="block">Bytes that begin where a line begins.</param>
    /// <param name="longestBytes">The longest text to return.</param>
    /// <param name="isFinal">Nothing will be added to the block: what has no line end is a line all the same.</param>
    public static bool TryTake(ReadOnlySpan<byte> block, int longestBytes, bool isFinal, out LineFrame line)
    {
        var end = block[..Math.Min(block.Length, longestBytes + 2)].IndexOf((byte)'\n');
        var text = end < 0 ? block : WithoutCarriageReturn(block[..end]);
        if (end >= 0 && text.Length <= longestBytes)
        {
            line = new(text, end + 1);
            return true;
        }

        if (text.Length > longestBytes)
        {
            var cut = Utf8Text.CutBefore(text, longestBytes);
            line = new(text[..cut], cut);
            return true;
        }

        line = new(text, text.Length);
        return isFinal && !block.IsEmpty;
    }

    static ReadOnlySpan<byte> WithoutCarriageReturn(ReadOnlySpan<byte> text) =>
        text is [.., (byte)'\r'] ? text[..^1] : text;
}
