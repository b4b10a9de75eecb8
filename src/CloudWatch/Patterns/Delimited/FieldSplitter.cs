namespace CloudWatch.Patterns.Delimited;

/// <summary>Where a field lies in its message.</summary>
/// <param name="Start">Of its value, without a quote or bracket around it.</param>
/// <param name="WholeStart">Of what is written, quote or bracket and all.</param>
readonly record struct FieldPlace(int Start, int Length, int WholeStart)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> message) => message.Slice(Start, Length);
}

/// <summary>Takes a message apart at its white space. What stands in quotes or brackets is one field, if what closes it
/// stands before white space or the end.</summary>
ref struct FieldSplitter(ReadOnlySpan<byte> message)
{
    readonly ReadOnlySpan<byte> _message = message;
    int _at;

    // From there on nothing closes a quote, or a bracket: what was once looked for in vain is not looked for again.
    int _noQuoteFrom = int.MaxValue;
    int _noBracketFrom = int.MaxValue;

    public static List<FieldPlace> All(ReadOnlySpan<byte> message)
    {
        var splitter = new FieldSplitter(message);
        var places = new List<FieldPlace>();
        while (splitter.TryTake(out var place))
            places.Add(place);

        return places;
    }

    /// <summary>A field that takes all that is left, with its own quotes and brackets and those behind it.</summary>
    public static FieldPlace Rest(ReadOnlySpan<byte> message, FieldPlace first)
    {
        var end = message.Length;
        while (IsWhite(message[end - 1]))
            end--;

        return new(first.WholeStart, end - first.WholeStart, first.WholeStart);
    }

    public bool TryTake(out FieldPlace field)
    {
        while (_at < _message.Length && IsWhite(_message[_at]))
            _at++;

        field = default;
        if (_at == _message.Length)
            return false;

        var start = _at;
        var end = _message[_at] switch
        {
            (byte)'"' => CloserOf((byte)'"', ref _noQuoteFrom),
            (byte)'[' => CloserOf((byte)']', ref _noBracketFrom),
            _ => -1
        };
        if (end >= 0)
        {
            _at = end + 1;
            field = new(start + 1, end - start - 1, start);
            return true;
        }

        while (_at < _message.Length && !IsWhite(_message[_at]))
            _at++;
        field = new(start, _at - start, start);
        return true;
    }

    int CloserOf(byte closer, ref int noneFrom)
    {
        if (_at >= noneFrom)
            return -1;

        for (var at = _at + 1; _message[at..].IndexOf(closer) is >= 0 and var next; at += next + 1)
        {
            var end = at + next + 1;
            if (end == _message.Length || IsWhite(_message[end]))
                return end - 1;
        }

        noneFrom = _at;
        return -1;
    }

    static bool IsWhite(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
}
