using Agent.Events;

namespace Agent.Framing;

/// <summary>Finds where an event ends. What it finds depends on the event's bytes alone, not on where blocks end: a
/// block that does not suffice to tell gives nothing.</summary>
/// <param name="form">What most lines begin with; null where they bear no timestamps.</param>
sealed class EventCutter(FramingPlan plan, FileEncoding encoding, StampForm? form)
{
    readonly CodeUnit _unit = encoding.Unit;
    readonly int _longestBytes = plan.LongestBytes / encoding.Unit.Bytes * encoding.Unit.Bytes;
    readonly TextBuffer _line = new(plan.LongestBytes);

    public LineCutter Lines => new(_unit, _longestBytes);

    /// <summary>Where the event ends that the block begins with.</summary>
    public EventExtent Find(ReadOnlySpan<byte> raw, BlockEnd end)
    {
        var lines = Lines;
        var isFinal = end == BlockEnd.Final;
        switch (lines.Find(raw, 0, isFinal, out var textEnd, out var next))
        {
            case LineFind.Incomplete:
                return default;
            case LineFind.TooLong:
                var cut = encoding.CutBefore(raw[..Math.Min(raw.Length, lines.WindowBytes)], _longestBytes);
                return new(cut, cut, Cut: EventCut.InsideLine);
        }

        if (textEnd == 0)
        {
            return new(0, next, BlankLines: 1);
        }

        return plan.Start == EventStart.EveryLine
            ? new(textEnd, next)
            : WithContinuation(raw, new(textEnd, next), end);
    }

    /// <summary>Whether the first line of these begins an event, and does not continue the one before.</summary>
    public bool BeginsEvent(ReadOnlySpan<byte> raw, bool isFinal)
    {
        if (BeginsEvent(raw) is { } begins)
        {
            return begins;
        }

        var isLine = Lines.Find(raw, 0, isFinal, out var textEnd, out _) == LineFind.Line;
        return IsBeginning(raw[..(isLine ? textEnd : encoding.CutBefore(raw, _longestBytes))]);
    }

    /// <summary>Whether each line that has the form of this one begins an event.</summary>
    /// <param name="line">UTF-8, at least a byte.</param>
    public bool KnowsBeginning(ReadOnlySpan<byte> line) => plan.Start switch
    {
        EventStart.EveryLine => true,
        EventStart.UnindentedLine => !CodeUnit.IsWhite(line[0]),
        _ => form is { BeginsEvents: true }
    };

    /// <summary>Gives memory back.</summary>
    public void Release() => _line.Release();

    EventExtent WithContinuation(ReadOnlySpan<byte> raw, EventExtent first, BlockEnd end)
    {
        var (textEnd, next, blankLines) = (first.TextBytes, first.ConsumedBytes, 0);
        var hasCarriageReturns = false;
        var hasTwoUnitEnd = next - textEnd > _unit.Bytes;
        while (true)
        {
            if (raw.Length - next < _unit.Bytes)
            {
                return end == BlockEnd.Open ? default : Extent(EventCut.None);
            }

            var begins = BeginsEvent(raw[next..]);
            if (begins == true)
            {
                return Extent(EventCut.None);
            }

            switch (Lines.Find(raw, next, end == BlockEnd.Final, out var lineEnd, out var afterLine))
            {
                case LineFind.Incomplete:
                    return end == BlockEnd.Open ? default : Extent(EventCut.None);
                case LineFind.TooLong:
                    // Or too many blank lines: a flood of them would else be looked through again at each read.
                    return Extent(EventCut.BetweenLines);
            }

            if (begins is null && IsBeginning(raw[next..lineEnd]))
            {
                return Extent(EventCut.None);
            }

            blankLines++;
            if (lineEnd > next)
            {
                (textEnd, blankLines, hasCarriageReturns) = (lineEnd, 0, hasTwoUnitEnd);
            }

            hasTwoUnitEnd |= afterLine - lineEnd > _unit.Bytes;
            next = afterLine;
        }

        EventExtent Extent(EventCut cut) => new(textEnd, next, blankLines, cut, hasCarriageReturns);
    }

    // What the first character alone tells. A NUL begins the hole that a truncation left: what was before is over.
    // Half a character at the file's end is an event of its own.
    bool? BeginsEvent(ReadOnlySpan<byte> raw) => raw.Length < _unit.Bytes ? true : _unit.First(raw) switch
    {
        0 => true,
        var first when plan.Start == EventStart.UnindentedLine => !CodeUnit.IsWhite(first),
        _ => null
    };

    bool IsBeginning(ReadOnlySpan<byte> line)
    {
        var text = line;
        if (!encoding.IsUtf8 || !Utf8Text.IsValid(line))
        {
            _line.CutTo(0);
            encoding.TryDecode(line, _line, out _);
            text = _line.Text;
        }

        return (form is { BeginsEvents: true } && form.Fits(text)) || (plan.StartsEvent?.Invoke(text) ?? true);
    }
}
