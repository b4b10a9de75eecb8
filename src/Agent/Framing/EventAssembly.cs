namespace Agent.Framing;

/// <summary>Puts together the text of an event that cannot be sent as it stands in the file: another encoding,
/// ill-formed sequences, line ends of two characters, NULs.</summary>
sealed class EventAssembly(FileEncoding encoding, int longestBytes)
{
    readonly TextBuffer _text = new(longestBytes);

    public ReadOnlySpan<byte> Text => _text.Text;

    /// <summary>Whether NULs have to be left out of a text.</summary>
    public static bool HasNulRun(ReadOnlySpan<byte> text) => IndexOfNulRun(text) >= 0;

    /// <summary>Puts the event's lines together, joined by LF.</summary>
    /// <param name="raw">The block from the event's beginning.</param>
    /// <returns>The extent, shorter than given when the decoded text would not fit.</returns>
    public EventExtent Assemble(ReadOnlySpan<byte> raw, EventExtent extent, ref EventOutcome outcome)
    {
        _text.CutTo(0);
        var unit = encoding.Unit;
        for (var from = 0; from < extent.TextBytes;)
        {
            var rest = raw[from..extent.TextBytes];
            var end = unit.IndexOf(rest, (byte)'\n');
            var line = end < 0 ? rest : unit.WithoutCarriageReturn(rest[..end]);
            var before = _text.Length;
            var fits = from == 0 || _text.TryAppend("\n"u8);
            if (!fits | !encoding.TryDecode(line, _text, out var replaced))
            {
                _text.CutTo(before);
                extent = from == 0
                    ? AssemblePiece(line, out replaced)
                    : new(from, from, Cut: EventCut.BetweenLines);
                outcome.ReplacedSequences += from == 0 ? replaced : 0;
                break;
            }

            outcome.ReplacedSequences += replaced;
            from += end < 0 ? rest.Length : end + unit.Bytes;
        }

        RemoveNulRuns(ref outcome);
        _text.CutTo(Text.TrimEnd((byte)'\n').Length);
        return extent;
    }

    /// <summary>Takes a part out of a text, which may be the assembled one.</summary>
    public ReadOnlySpan<byte> Without(ReadOnlySpan<byte> text, int from, int bytes)
    {
        if (from == 0)
        {
            return text[bytes..];
        }

        if (!text.Overlaps(Text))
        {
            _text.CutTo(0);
            _text.TryAppend(text);
        }

        _text.Move(from + bytes, from, text.Length - from - bytes);
        _text.CutTo(text.Length - bytes);
        return Text;
    }

    /// <summary>Gives memory back.</summary>
    public void Release() => _text.Release();

    // One byte becomes three at most. Should a character set have it worse, the half is tried.
    EventExtent AssemblePiece(ReadOnlySpan<byte> line, out int replaced)
    {
        const int Growth = 3;
        var cut = 0;
        for (var longest = longestBytes / Growth * encoding.Unit.Bytes; ; longest /= 2)
        {
            cut = encoding.CutBefore(line, Math.Max(encoding.Unit.Bytes, longest));
            _text.CutTo(0);
            if (encoding.TryDecode(line[..cut], _text, out replaced) || cut <= encoding.Unit.Bytes)
            {
                return new(cut, cut, Cut: EventCut.InsideLine);
            }
        }
    }

    // In one pass: a hostile line may hold a hundred thousand runs.
    void RemoveNulRuns(ref EventOutcome outcome)
    {
        var kept = 0;
        for (var from = 0; from < Text.Length;)
        {
            var rest = Text[from..];
            var at = IndexOfNulRun(rest);
            var good = at < 0 ? rest.Length : at;
            _text.Move(from, kept, good);
            kept += good;
            var nuls = at < 0 ? 0 : CodeUnit.Byte.LeadingNulBytes(rest[at..]);
            outcome.NulBytes += nuls * encoding.Unit.Bytes;
            from += good + nuls;
        }

        _text.CutTo(kept);
    }

    // Eight NULs in a row are no text. Fewer stay.
    static int IndexOfNulRun(ReadOnlySpan<byte> text) => text.IndexOf("\0\0\0\0\0\0\0\0"u8);
}
