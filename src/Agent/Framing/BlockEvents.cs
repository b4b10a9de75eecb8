using Agent.Events;

namespace Agent.Framing;

/// <summary>The events of one block. An event counts as consumed once the next is asked for: until then
/// <see cref="EventFramer.LastStamp"/> and the counts are those of what stands before it.</summary>
/// <remarks>Most of a log is plain: whole lines of valid UTF-8 without NULs, each an event. That is found out for a
/// stretch of lines at once, small enough to stay in the nearest cache while they are cut.</remarks>
ref struct BlockEvents
{
    const int StretchBytes = 16 * 1024;

    readonly EventFramer? _framer;
    readonly FramingCounts? _counts;
    readonly ReadOnlySpan<byte> _block;
    readonly BlockEnd _end;
    readonly bool _mayBePlain;
    readonly bool _mayBeOfAForm;
    readonly bool _isEveryLine;
    readonly int _stretchBytes;
    EventOutcome _outcome;
    int _next;
    int _stretchEnd;
    int _markBytes;
    bool _isPlain;
    bool _isPlainInHand;
    bool _isInHand;

    /// <param name="markBytes">The byte order mark that the block begins with.</param>
    internal BlockEvents(
        EventFramer framer, FramingCounts counts, ReadOnlySpan<byte> block, BlockEnd end, int markBytes)
    {
        _framer = framer;
        _counts = counts;
        _block = block;
        _end = end;
        _markBytes = markBytes;
        _mayBePlain = framer.IsPlain;
        _mayBeOfAForm = framer.KnowsByForm;
        _isEveryLine = framer.Plan.Start == EventStart.EveryLine;
        _stretchBytes = Math.Min(StretchBytes, framer.Plan.LongestBytes + 1);
    }

    /// <summary>Lines that stand next, of which most need no look of their own. None where the next one does.</summary>
    /// <param name="now">Their stamp where nobody asks for timestamps.</param>
    public EventLines PlainLines(long now) => IsInPlainStretch()
        ? new(_block[_next.._stretchEnd], now, _isEveryLine ? null : CodeUnit.White)
        : LinesOfAForm();

    /// <summary>Lines that stand next, all of them whole and none too long, of any bytes: such of them as are valid
    /// UTF-8 without NULs are plain. Empty where they must be looked at one by one.</summary>
    public ReadOnlySpan<byte> UncheckedLines()
    {
        if (!IsPlainAfterSettling())
        {
            return default;
        }

        var rest = _block.Slice(_next, Math.Min(_framer!.Plan.LongestBytes, _block.Length - _next));
        return rest[..(rest.LastIndexOf((byte)'\n') + 1)];
    }

    /// <summary>Some of these were taken.</summary>
    public void SkipPlain(int bytes, int events)
    {
        if (_mayBeOfAForm && bytes > 0)
        {
            var lines = _block.Slice(_next, bytes);
            _framer!.SkipTo(lines[(lines[..^1].LastIndexOf((byte)'\n') + 1)..]);
        }

        _next += bytes;
        _counts?.AddEvents(events);
    }

    /// <summary>Takes the next event; false when the block has no other that is complete.</summary>
    public bool TryTake(out EventFrame frame)
    {
        frame = default;

        // A plain stretch ends with a line end. The last event of a block may go on in the next.
        if (IsInPlainStretch())
        {
            var line = _block[_next.._stretchEnd];
            var end = line.IndexOf((byte)'\n');
            var after = _next + end + 1;
            if (end > 0 && (_isEveryLine || (after < _block.Length && !CodeUnit.IsWhite(_block[after]))))
            {
                var text = line[..(line[end - 1] == '\r' ? end - 1 : end)];
                frame = new(text, end + 1);
                _isPlainInHand = text.Length > 0;
                _next = _isPlainInHand ? after : _next;
            }
        }

        return _isPlainInHand || TryTakeAny(out frame);
    }

    EventLines LinesOfAForm()
    {
        if (!_mayBeOfAForm || _framer!.CutBefore != EventCut.None || _framer.FormOf(_block[_next..]) is not { } form)
        {
            return default;
        }

        if (_next >= _stretchEnd)
        {
            LookAhead();
        }

        return _isPlain ? new(_block[_next.._stretchEnd], form) : default;
    }

    bool IsInPlainStretch()
    {
        if (_isPlainInHand)
        {
            _counts!.AddEvents(1);
            _isPlainInHand = false;
        }
        else if (!IsPlainAfterSettling())
        {
            return false;
        }

        if (_next >= _stretchEnd)
        {
            LookAhead();
        }

        return _isPlain;
    }

    // An event cut in two makes the next one a special case.
    bool IsPlainAfterSettling()
    {
        if (_isInHand)
        {
            _framer!.Consume(_outcome);
            _isInHand = false;
        }

        return _mayBePlain && _markBytes == 0 && _framer!.CutBefore == EventCut.None;
    }

    void LookAhead()
    {
        var stretch = _block.Slice(_next, Math.Min(_stretchBytes, _block.Length - _next));
        stretch = stretch[..(stretch.LastIndexOf((byte)'\n') + 1)];
        _stretchEnd = _next + stretch.Length;
        _isPlain = !stretch.IsEmpty && Utf8Text.IsValid(stretch) && !NulScan.Finds(stretch);
    }

    bool TryTakeAny(out EventFrame frame)
    {
        if (_markBytes > 0)
        {
            frame = new(default, _markBytes);
            _isInHand = true;
            (_markBytes, _outcome) = (0, default);
        }
        else
        {
            var rest = _block[_next..];
            frame = default;
            _isInHand = !rest.IsEmpty && _framer!.TryFrame(rest, _end, out frame, out _outcome);
        }

        _next += frame.ConsumedBytes;
        if (!_isInHand)
        {
            _framer?.Release();
        }

        return _isInHand;
    }
}
