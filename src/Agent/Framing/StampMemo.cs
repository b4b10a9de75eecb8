namespace Agent.Framing;

/// <summary>The timestamps that lines began with lately. Each is asked for twice: does the line begin an event, and
/// when was that; and in a busy log many lines in a row begin with the same one.</summary>
sealed class StampMemo
{
    const int Longest = 63;

    // A line's own, and that of the line before, whose event ends where this one begins.
    readonly Found[] _found = [new(), new()];
    int _oldest;

    sealed class Found
    {
        public byte[] Text { get; } = new byte[Longest + 1]; // with the byte that follows it
        public int Bytes { get; set; }
        public StampFields Fields { get; set; }
    }

    /// <summary>Whether a text begins with one of them. It is that timestamp then and no longer one: what follows is
    /// the same, too.</summary>
    public bool TryRecall(ReadOnlySpan<byte> text, out int bytes, out StampFields fields)
    {
        foreach (var found in _found)
        {
            if (found.Bytes > 0 && text.StartsWith(found.Text.AsSpan(0, found.Bytes + 1)))
            {
                (bytes, fields) = (found.Bytes, found.Fields);
                return true;
            }
        }

        (bytes, fields) = (0, default);
        return false;
    }

    /// <summary>Remembers a text's beginning, provided that what follows it ends whatever number or name it ends
    /// with.</summary>
    public void Keep(ReadOnlySpan<byte> text, int bytes, in StampFields fields)
    {
        if (bytes > Longest || bytes >= text.Length || !IsEnd(text[bytes]))
        {
            return;
        }

        var found = _found[_oldest];
        _oldest = 1 - _oldest;
        text[..(bytes + 1)].CopyTo(found.Text);
        (found.Bytes, found.Fields) = (bytes, fields);
    }

    // A colon may go on as the minutes of a zone.
    static bool IsEnd(byte following) =>
        following is < 0x80 and not (byte)':' && !char.IsAsciiLetterOrDigit((char)following);
}
