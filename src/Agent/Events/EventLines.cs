using System.Buffers;

namespace Agent.Events;

/// <summary>Whole lines, valid UTF-8, that stand one after another in a file. Each that has a text is an event of its
/// own where the line after it lets it be.</summary>
readonly ref struct EventLines
{
    readonly SearchValues<byte>? _continuing;
    readonly long _stamp;

    /// <summary>Lines whose timestamps nobody asks for.</summary>
    /// <param name="stamp">What all of them get, in milliseconds since 1970 UTC.</param>
    /// <param name="continuing">What a line begins with that belongs to the one before, none of it beyond a space; null
    /// where all lines are events.</param>
    public EventLines(ReadOnlySpan<byte> bytes, long stamp, SearchValues<byte>? continuing = null)
    {
        Bytes = bytes;
        _stamp = stamp;
        _continuing = continuing;
    }

    /// <summary>Lines of which the first begins with a timestamp, and is an event where the next begins with one too.
    /// </summary>
    /// <param name="form">Of those timestamps: any line that begins so is an event's first.</param>
    public EventLines(ReadOnlySpan<byte> bytes, StampForm form)
    {
        Bytes = bytes;
        Form = form;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The form of their timestamps; null where nobody asks for those.</summary>
    public StampForm? Form { get; }

    /// <summary>The stamp of the event that begins there, in milliseconds since 1970 UTC.</summary>
    public long StampAt(int at) => Form is null ? _stamp : Form.StampOf(Bytes[at..]);

    /// <summary>How far they go with nothing but events of a line each, in bytes.</summary>
    public int EventsBytes()
    {
        if (_continuing is null && Form is null)
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
    public bool EndsAt(int at) => Form is null
        ? _continuing is null || (at < Bytes.Length && (Bytes[at] > ' ' || !_continuing.Contains(Bytes[at])))
        : Form.Fits(Bytes[at..]);
}
