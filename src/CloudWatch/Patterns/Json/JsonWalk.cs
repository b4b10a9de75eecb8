using System.Buffers;

namespace CloudWatch.Patterns.Json;

/// <summary>Goes through a message once, as JSON strictly is, along the paths of a pattern.</summary>
/// <remarks>Of a key that comes twice the last counts (observed); but behind a wildcard, which takes members whatever
/// they are called, each does.
/// Of the framework's readers one throws at a message that is no JSON, which among log lines is nothing
/// exceptional, and the other builds a document.</remarks>
ref struct JsonWalk(ReadOnlySpan<byte> message, JsonFound found)
{
    /// <summary>A message that nests deeper matches nothing.</summary>
    public const int MostLevels = 500;

    static readonly SearchValues<byte> EndsPlainText = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    readonly ReadOnlySpan<byte> _text = message;
    int _at;

    /// <returns>Whether the message is one JSON value and nothing else.</returns>
    public bool TryRead(PathState root)
    {
        if (!TryReadValue(root, MostLevels))
            return false;

        SkipWhite();
        return _at == _text.Length;
    }

    bool TryReadValue(PathState state, int levels)
    {
        SkipWhite();
        if (_at == _text.Length || levels == 0)
            return false;

        foreach (var condition in state.Existing)
            found.Held.Set(condition);

        switch (_text[_at])
        {
            case (byte)'{':
                return TryReadObject(state, levels);
            case (byte)'[':
                return TryReadArray(state, levels);
            case (byte)'"':
                return TryReadString(state);
            case (byte)'t':
                return TryReadWord("true"u8, state.Trues);
            case (byte)'f':
                return TryReadWord("false"u8, state.Falses);
            case (byte)'n':
                return TryReadWord("null"u8, state.Nulls);
            default:
                return TryReadNumber(state);
        }
    }

    bool TryReadObject(PathState state, int levels)
    {
        _at++;
        SkipWhite();
        if (Take('}'))
            return true;

        do
        {
            SkipWhite();
            var start = _at;
            if (!TrySkipString(out var hasEscapes))
                return false;

            var key = _text[(start + 1)..(_at - 1)];
            SkipWhite();
            if (!Take(':'))
                return false;

            var step = state.ByKey(hasEscapes ? found.Unescaped(key) : key);
            if (!TryReadInner(step, levels))
                return false;

            SkipWhite();
        }
        while (Take(','));

        return Take('}');
    }

    bool TryReadArray(PathState state, int levels)
    {
        _at++;
        SkipWhite();
        if (Take(']'))
            return true;

        var index = 0;
        do
        {
            SkipWhite();
            if (_at < _text.Length && _text[_at] == 'n')
            {
                foreach (var condition in state.Nulls)
                    found.Held.Set(condition);
            }

            if (!TryReadInner(state.ByIndex(index++), levels))
                return false;

            SkipWhite();
        }
        while (Take(','));

        return Take(']');
    }

    bool TryReadInner(PathStep? step, int levels)
    {
        if (step is null)
            return TryReadValue(PathState.Nowhere, levels - 1);

        var before = found.Held.And(step.Added);
        found.Held = found.Held.Without(step.Added.Or(step.Answered));
        foreach (var selector in step.ReadAnew)
            found.Forget(selector);

        var isRead = TryReadValue(step.Next, levels - 1);
        found.Held = found.Held.Or(before);
        return isRead;
    }

    bool TryReadString(PathState state)
    {
        var start = _at;
        if (!TrySkipString(out var hasEscapes))
            return false;

        Read(state, start);
        if (state.AsksOfText)
        {
            var text = _text[(start + 1)..(_at - 1)];
            Compare(state, hasEscapes ? found.Unescaped(text) : text, mayBeNumber: false);
        }

        return true;
    }

    bool TrySkipString(out bool hasEscapes)
    {
        hasEscapes = false;
        if (!Take('"'))
            return false;

        while (_text[_at..].IndexOfAny(EndsPlainText) is >= 0 and var length)
        {
            _at += length + 1;
            if (_text[_at - 1] == '"')
                return true;
            if (_text[_at - 1] != '\\' || !TrySkipEscape())
                return false;

            hasEscapes = true;
        }

        return false;
    }

    bool TrySkipEscape()
    {
        if (_at == _text.Length)
            return false;

        switch (_text[_at++])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return true;
            case (byte)'u' when _text.Length - _at >= 4:
                for (var end = _at + 4; _at < end; _at++)
                {
                    if (!char.IsAsciiHexDigit((char)_text[_at]))
                        return false;
                }

                return true;
            default:
                return false;
        }
    }

    bool TryReadNumber(PathState state)
    {
        var start = _at;
        _ = Take('-');
        if (!Take('0') && !TrySkipDigits())
            return false;
        if (Take('.') && !TrySkipDigits())
            return false;
        if (Take('e') || Take('E'))
        {
            _ = Take('+') || Take('-');
            if (!TrySkipDigits())
                return false;
        }

        Read(state, start);
        Compare(state, _text[start.._at], mayBeNumber: true);
        return true;
    }

    bool TryReadWord(ReadOnlySpan<byte> word, int[] conditions)
    {
        if (!_text[_at..].StartsWith(word))
            return false;

        _at += word.Length;
        foreach (var condition in conditions)
            found.Held.Set(condition);

        return true;
    }

    readonly void Read(PathState state, int start)
    {
        foreach (var selector in state.Read)
            found.Found(selector, start, _at - start);
    }

    readonly void Compare(PathState state, ReadOnlySpan<byte> text, bool mayBeNumber)
    {
        foreach (var (matcher, condition) in state.Compared)
        {
            if (matcher.Matches(text, mayBeNumber))
                found.Held.Set(condition);
        }
    }

    bool TrySkipDigits()
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9')
            _at++;
        return _at > start;
    }

    bool Take(char letter)
    {
        if (_at == _text.Length || _text[_at] != letter)
            return false;

        _at++;
        return true;
    }

    void SkipWhite()
    {
        while (_at < _text.Length && JsonText.IsWhite(_text[_at]))
            _at++;
    }
}
