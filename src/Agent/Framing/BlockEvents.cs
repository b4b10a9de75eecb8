namespace Agent.Framing;

/// <summary>The events of one block. An event counts as consumed once the next is asked for: until then
/// <see cref="EventFramer.LastStamp"/> and the counts are those of what stands before it.</summary>
ref struct BlockEvents
{
    readonly EventFramer? _framer;
    readonly ReadOnlySpan<byte> _block;
    readonly BlockEnd _end;
    readonly bool _isValid;
    readonly bool _isPlain;
    readonly bool _isEveryLine;
    readonly int _longestBytes;
    EventOutcome _outcome;
    int _next;
    int _markBytes;
    bool _isInHand;
    bool _isPlainInHand;

    /// <param name="markBytes">The byte order mark that the block begins with.</param>
    internal BlockEvents(EventFramer framer, ReadOnlySpan<byte> block, BlockEnd end, int markBytes)
    {
        _framer = framer;
        _block = block;
        _end = end;
        _markBytes = markBytes;
        _isValid = framer.IsUtf8
            && (end == BlockEnd.Final ? Utf8Text.IsValid(block) : Utf8Text.IsValidButForItsEnd(block));
        _isPlain = _isValid && framer.IsPlain && !block.Contains((byte)0);
        _isEveryLine = framer.Plan.Start == EventStart.EveryLine;
        _longestBytes = framer.Plan.LongestBytes;
    }

    /// <summary>Takes the next event; false when the block has no other that is complete.</summary>
    public bool TryTake(out EventFrame frame)
    {
        if (_isPlainInHand)
        {
            _framer!.ConsumePlain();
        }
        else if (!IsPlainAfterSettling())
        {
            return TryTakeAny(out frame);
        }

        // The usual line: short, all there, with another behind it that does not continue it.
        var rest = _block[_next..];
        var end = rest[..Math.Min(rest.Length, _longestBytes + 1)].IndexOf((byte)'\n');
        if (end > 0 && (_isEveryLine || (end + 1 < rest.Length && !CodeUnit.IsWhite(rest[end + 1]))))
        {
            var text = rest[..(rest[end - 1] == '\r' ? end - 1 : end)];
            if (text.Length > 0)
            {
                frame = new(text, end + 1);
                _next += end + 1;
                _isPlainInHand = true;
                return true;
            }
        }

        _isPlainInHand = false;
        return TryTakeAny(out frame);
    }

    // An event cut in two makes the next one a special case.
    bool IsPlainAfterSettling()
    {
        if (_isInHand)
        {
            _framer!.Consume(_outcome);
            _isInHand = false;
        }

        return _isPlain && _markBytes == 0 && _framer!.CutBefore == EventCut.None;
    }

    bool TryTakeAny(out EventFrame frame)
    {
        var rest = _block[_next..];
        if (_markBytes > 0)
        {
            frame = new(default, _markBytes);
            _isInHand = true;
            (_markBytes, _outcome) = (0, default);
        }
        else
        {
            frame = default;
            _isInHand = !rest.IsEmpty && _framer!.TryFrame(rest, _end, _isValid, out frame, out _outcome);
        }

        _next += frame.ConsumedBytes;
        if (!_isInHand)
        {
            _framer?.Release();
        }

        return _isInHand;
    }
}
