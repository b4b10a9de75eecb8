namespace Agent.Framing;

/// <summary>What framing has met since the start. One thread writes, any thread may read.</summary>
sealed class FramingCounts
{
    long _events;
    long _splitPieces;
    long _replacedSequences;
    long _nulBytes;
    long _inheritedStamps;
    long _blankLines;

    /// <summary>Events with a text, pieces of split ones included.</summary>
    public long Events => Volatile.Read(ref _events);

    /// <summary>Pieces that continue an event too long for one: a line cut in two counts one.</summary>
    public long SplitPieces => Volatile.Read(ref _splitPieces);

    /// <summary>Ill-formed sequences that became U+FFFD.</summary>
    public long ReplacedSequences => Volatile.Read(ref _replacedSequences);

    /// <summary>NUL bytes that were left out.</summary>
    public long NulBytes => Volatile.Read(ref _nulBytes);

    /// <summary>Events in which no timestamp was found though a format is configured.</summary>
    public long InheritedStamps => Volatile.Read(ref _inheritedStamps);

    /// <summary>Empty lines that are part of no event.</summary>
    public long BlankLines => Volatile.Read(ref _blankLines);

    public void AddEvents(int events) => _events += events;

    public void Add(in EventOutcome outcome)
    {
        _events += outcome.Events;
        _splitPieces += outcome.SplitPieces;
        _replacedSequences += outcome.ReplacedSequences;
        _nulBytes += outcome.NulBytes;
        _inheritedStamps += outcome.InheritedStamps;
        _blankLines += outcome.BlankLines;
    }
}

/// <summary>What an event adds to the counts, and to what is known of the file, once it is consumed.</summary>
struct EventOutcome
{
    public int Events;
    public int SplitPieces;
    public int ReplacedSequences;
    public int NulBytes;
    public int InheritedStamps;
    public int BlankLines;

    /// <summary>The timestamp that was read in the event.</summary>
    public long? Stamp;

    /// <summary>How the event was cut off.</summary>
    public EventCut Cut;
}
