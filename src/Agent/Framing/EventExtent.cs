namespace Agent.Framing;

/// <summary>How an event was cut off.</summary>
enum EventCut
{
    /// <summary>It ends where its last line ends.</summary>
    None,

    /// <summary>It was full: the next line may continue it.</summary>
    BetweenLines,

    /// <summary>Its only line is too long and goes on.</summary>
    InsideLine
}

/// <summary>The bytes of one event.</summary>
/// <param name="TextBytes">To the end of the last line that is not blank, without its line end.</param>
/// <param name="ConsumedBytes">With the line ends; 0 when the event is not complete yet.</param>
/// <param name="BlankLines">Blank lines at its end.</param>
/// <param name="HasCarriageReturns">Between its lines there are line ends of two characters.</param>
readonly record struct EventExtent(
    int TextBytes,
    int ConsumedBytes,
    int BlankLines = 0,
    EventCut Cut = EventCut.None,
    bool HasCarriageReturns = false);
