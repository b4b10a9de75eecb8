using System.Buffers;

namespace Agent.Events;

/// <summary>Whole lines, valid UTF-8, that stand one after another in a file. Each that has a text is an event of its
/// own where the line after it lets it be.</summary>
readonly ref struct EventLines
{
    readonly SearchValues<byte>? _continuing;
    readonly ReadOnlySpan<byte> _beginning;

    /// <summary>Lines whose timestamps nobody asks for.</summary>
    /// <param name="continuing">What a line begins with that belongs to the one before, none of it beyond a space; null
    /// where all lines are events.</param>
    public EventLines(ReadOnlySpan<byte> bytes, SearchValues<byte>? continuing = null)
    {
        Bytes = bytes;
        _continuing = continuing;
    }

    /// <summary>Lines of which the first begins with a timestamp, and is an event where the next begins with it too.
    /// </summary>
    /// <param name="beginning">The timestamp and what ends it: any line that begins so is an event's first.</param>
    /// <param name="stamp">Milliseconds since 1970 UTC.</param>
    public EventLines(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> beginning, long stamp)
    {
        Bytes = bytes;
        _beginning = beginning;
        Stamp = stamp;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>What all events of them have, in milliseconds since 1970 UTC; null where that is not asked for.
    /// </summary>
    public long? Stamp { get; }

    /// <summary>How far they go with nothing but events of a line each, in bytes.</summary>
    public int EventsBytes()
    {
        if (_continuing is null && _beginning.IsEmpty)
        {
            return Bytes.Length;
        }

        var at = 0;
        while (Bytes[at..].IndexOf((byte)'\n') is >= 0 and var textBytes && EndsAt(at + textBytes + 1))
        {
            at += textBytes + 1;
        }

        return at;
    }

    /// <summary>Whether an event ends where another line begins, or where all lines end.</summary>
    public bool EndsAt(int at) => _beginning.IsEmpty
        ? _continuing is null || (at < Bytes.Length && (Bytes[at] > ' ' || !_continuing.Contains(Bytes[at])))
        : Bytes[at..].StartsWith(_beginning);
}
