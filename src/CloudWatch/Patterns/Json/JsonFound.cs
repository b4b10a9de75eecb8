namespace CloudWatch.Patterns.Json;

/// <summary>What going through a message has found: which conditions hold, and where the selected values are.</summary>
sealed class JsonFound(int selectors)
{
    readonly (int Start, int Length)[] _values = new (int, int)[selectors];
    byte[] _scratch = [];
    Held _held;

    public ref Held Held => ref _held;

    public void Clear()
    {
        _held = default;
        _values.AsSpan().Clear();
    }

    public void Forget(int selector) => _values[selector] = default;

    public void Found(int selector, int start, int length) => _values[selector] = (start, length);

    /// <summary>A text between quotes, without its escapes; good until the next one.</summary>
    public ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> text)
    {
        if (_scratch.Length < text.Length)
            _scratch = new byte[Math.Max(256, text.Length * 2)];

        return _scratch.AsSpan(0, JsonText.Unescape(text, _scratch));
    }

    public bool TryGetValue(int selector, ReadOnlySpan<byte> message, out ReadOnlySpan<byte> value)
    {
        var (start, length) = _values[selector];
        value = message.Slice(start, length);
        if (length == 0)
            return false;
        if (value[0] == '"')
            value = value[1..^1];
        if (value.Contains((byte)'\\'))
            value = Unescaped(value);

        return true;
    }
}
