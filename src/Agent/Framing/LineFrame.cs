namespace Agent.Framing;

/// <summary>One line, cut out of a block of bytes.</summary>
/// <param name="text">The line without its end.</param>
/// <param name="consumedBytes">The line with its end: how far to move on.</param>
readonly ref struct LineFrame(ReadOnlySpan<byte> text, int consumedBytes)
{
    public ReadOnlySpan<byte> Text { get; } = text;
    public int ConsumedBytes { get; } = consumedBytes;
}
