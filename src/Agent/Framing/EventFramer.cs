using Agent.Events;

namespace Agent.Framing;

/// <summary>Makes log events of one file's bytes, on one thread. What it makes of an event depends on the file's bytes
/// before and within it, never on where a block ends, and nothing it finds counts before the event is consumed: the
/// caller may stop anywhere, and begin again at the first event that it has not consumed.</summary>
/// <remarks>A block must hold <see cref="LeastBlockBytes"/> where the file has as many, or a long event would never be
/// complete.</remarks>
sealed class EventFramer
{
    readonly FramingPlan _plan;
    readonly FramingCounts _counts;
    readonly StampFormat? _format;
    readonly StampReader? _stamps;
    readonly FileEncoding _configured;
    FileEncoding _encoding;
    EventCutter _cutter;
    EventAssembly _assembly;
    EventCut _cutBefore;

    /// <exception cref="ArgumentException">The plan names an encoding that nobody knows.</exception>
    public EventFramer(FramingPlan plan, FramingCounts counts, TimeProvider time)
    {
        _plan = plan;
        _counts = counts;
        _format = plan.TimestampFormat is { } format ? StampFormat.Compile(format) : null;
        _stamps = _format is null ? null : new(
            _format, plan.Zone, time, plan.StartsByStamp ? plan.StartsEvent : null);
        _configured = plan.EncodingName is not { } name ? FileEncoding.Utf8
            : FileEncoding.TryFind(name) ?? throw new ArgumentException($"No encoding is called {name}", nameof(plan));
        SetEncoding(_configured);
    }

    /// <summary>The stamp of the last event consumed that had one, in milliseconds since 1970 UTC. To be set where
    /// reading goes on in the middle of a file.</summary>
    public long? LastStamp { get; set; }

    /// <summary>What a block must hold, if the file does, to be told apart from an event that goes on.</summary>
    public int LeastBlockBytes => _cutter.Lines.WindowBytes + _encoding.Unit.Bytes;

    /// <summary>Tells how a file begins in whose middle reading goes on.</summary>
    /// <param name="head">The first 4 bytes, or what the file has of them.</param>
    public void Resume(ReadOnlySpan<byte> head) => ReadMark(head);

    /// <summary>Frames a block that begins where an event begins.</summary>
    /// <param name="isAtFileStart">The block begins where the file does.</param>
    public BlockEvents Begin(ReadOnlySpan<byte> block, BlockEnd end, bool isAtFileStart)
    {
        Release();
        _stamps?.LookAtClock();
        if (!isAtFileStart || _plan.Start == EventStart.Record)
        {
            return new(this, _counts, block, end, markBytes: 0);
        }

        _cutBefore = EventCut.None;
        var allowsUtf32 = _configured.IsUtf32;
        var isUndecided = end == BlockEnd.Open && _configured.IsUnicode && ByteOrderMark.MayFollow(block, allowsUtf32);
        return isUndecided ? default : new(this, _counts, block, end, ReadMark(block));
    }

    /// <summary>Whether most events can be cut without asking the framer.</summary>
    internal bool IsPlain =>
        _encoding.IsUtf8 && _format is null && _plan.Start is EventStart.EveryLine or EventStart.UnindentedLine;

    /// <summary>Whether it can tell most lines by the form of the timestamps that they begin with.</summary>
    internal bool KnowsByForm => _encoding.IsUtf8 && _stamps is not null && !_plan.TrimsTimestamp;

    internal EventCut CutBefore => _cutBefore;

    internal FramingPlan Plan => _plan;

    /// <summary>The form of the timestamp that a line begins with: any line that begins with one of those is an event's
    /// first. Null where the line has none, or that is not known.</summary>
    internal StampForm? FormOf(ReadOnlySpan<byte> line) =>
        _stamps?.Form is { IsKnown: true } form && form.Fits(line) && _cutter.KnowsBeginning(line) ? form : null;

    /// <summary>Frames one event.</summary>
    /// <param name="rest">The block from the event's beginning.</param>
    internal bool TryFrame(ReadOnlySpan<byte> rest, BlockEnd end, out EventFrame frame, out EventOutcome outcome)
    {
        frame = default;
        outcome = default;
        if (_plan.Start == EventStart.Record)
        {
            frame = FrameRecord(rest, out outcome);
            return true;
        }

        var nulBytes = _encoding.Unit.LeadingNulBytes(rest);
        if (nulBytes > 0)
        {
            outcome.NulBytes = nulBytes;
            frame = new(default, nulBytes);
            return true;
        }

        var extent = _cutter.Find(rest, end);
        if (extent.ConsumedBytes == 0)
        {
            return false;
        }

        var text = Text(rest, ref extent, ref outcome);
        outcome.BlankLines = extent.BlankLines;
        outcome.Cut = text.IsEmpty ? _cutBefore : extent.Cut;
        if (text.IsEmpty)
        {
            frame = new(default, extent.ConsumedBytes);
            return true;
        }

        var isPiece = _cutBefore == EventCut.InsideLine
            || (_cutBefore == EventCut.BetweenLines && !_cutter.BeginsEvent(rest, end == BlockEnd.Final));
        outcome.SplitPieces = isPiece ? 1 : 0;
        text = Stamped(text, isPiece, ref outcome);
        outcome.Events = text.IsEmpty ? 0 : 1;
        var isInherited = outcome.Stamp is null && _stamps is not null;
        frame = new(text, extent.ConsumedBytes, outcome.Stamp ?? (isInherited ? LastStamp : null), isInherited);
        return true;
    }

    static EventFrame FrameRecord(ReadOnlySpan<byte> rest, out EventOutcome outcome)
    {
        var text = EventRecord.TextOf(rest, out var stamp);
        outcome = new() { Events = text.IsEmpty ? 0 : 1, Stamp = stamp };
        return new(text, EventRecord.HeadBytes + text.Length, stamp, isStampInherited: false);
    }

    /// <summary>Events were consumed, each a line that had the form of the last.</summary>
    internal void SkipTo(ReadOnlySpan<byte> lastLine) => LastStamp = _stamps!.Form.StampOf(lastLine);

    /// <summary>An event was consumed.</summary>
    internal void Consume(in EventOutcome outcome)
    {
        _counts.Add(outcome);
        _cutBefore = outcome.Cut;
        LastStamp = outcome.Stamp ?? LastStamp;
    }

    /// <summary>Gives memory back until there is something to frame.</summary>
    internal void Release()
    {
        _cutter.Release();
        _assembly.Release();
    }

    ReadOnlySpan<byte> Text(
        ReadOnlySpan<byte> rest, scoped ref EventExtent extent, scoped ref EventOutcome outcome)
    {
        var raw = rest[..extent.TextBytes];
        if (_encoding.IsUtf8 && !extent.HasCarriageReturns
            && Utf8Text.IsValid(raw) && !EventAssembly.HasNulRun(raw))
        {
            return raw;
        }

        extent = _assembly.Assemble(rest, extent, ref outcome);
        return _assembly.Text;
    }

    ReadOnlySpan<byte> Stamped(ReadOnlySpan<byte> text, bool isPiece, scoped ref EventOutcome outcome)
    {
        if (_stamps is null || isPiece)
        {
            return text;
        }

        if (!_stamps.TryRead(text, LastStamp, out var from, out var bytes, out var stamp))
        {
            outcome.InheritedStamps = 1;
            return text;
        }

        outcome.Stamp = stamp;
        if (!_plan.TrimsTimestamp)
        {
            return text;
        }

        while (from + bytes < text.Length && CodeUnit.IsWhite(text[from + bytes]))
        {
            bytes++;
        }

        return _assembly.Without(text, from, bytes);
    }

    int ReadMark(ReadOnlySpan<byte> head)
    {
        var (bytes, name) = _configured.IsUnicode ? ByteOrderMark.Of(head, _configured.IsUtf32) : (0, null);
        SetEncoding(name is null ? _configured : FileEncoding.TryFind(name)!);
        return bytes;
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_encoding), nameof(_cutter), nameof(_assembly))]
    void SetEncoding(FileEncoding encoding)
    {
        if (_encoding == encoding && _cutter is not null && _assembly is not null)
        {
            return;
        }

        _encoding = encoding;
        _cutter = new(_plan, encoding, _stamps?.Form);
        _assembly = new(encoding, _plan.LongestBytes);
    }
}
