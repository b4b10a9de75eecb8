namespace Agent.Framing;

/// <summary>Whether lines begin events, where whatever holds a timestamp does: the expression that tells is slow, and
/// in a busy log many lines in a row begin with the same timestamp, which needs to be looked at once.</summary>
/// <param name="startsEvent">Looks for a timestamp anywhere in a text, and at nothing around it.</param>
sealed class RepeatedStart(StartsEvent startsEvent, StampFormat stamps)
{
    const int Longest = 64;

    readonly byte[] _last = new byte[Longest]; // the timestamp that the last line began with
    int _lastBytes;
    bool _isKnown; // that it is one by itself, by the expression too

    /// <summary>Whether a line begins an event.</summary>
    public bool Begins(ReadOnlySpan<byte> line)
    {
        if (Knows(line))
        {
            return true;
        }

        if (!startsEvent(line))
        {
            return false;
        }

        Learn(line);
        return true;
    }

    /// <summary>Whether a line begins as the last one did, and is known to begin an event by that.</summary>
    public bool Knows(ReadOnlySpan<byte> line) => _isKnown && line.StartsWith(_last.AsSpan(0, _lastBytes));

    // From the second line on: where each has another timestamp, to ask about each would only cost.
    void Learn(ReadOnlySpan<byte> line)
    {
        _isKnown = false;
        if (!stamps.TryFind(line, out var from, out var bytes, out _) || from > 0 || bytes > Longest)
        {
            _lastBytes = 0;
            return;
        }

        var stamp = line[..bytes];
        if (stamp.SequenceEqual(_last.AsSpan(0, _lastBytes)))
        {
            _isKnown = startsEvent(stamp);
            return;
        }

        stamp.CopyTo(_last);
        _lastBytes = bytes;
    }
}
