using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CloudWatch.Patterns;

/// <summary>Takes a pattern of the terms form apart: words, quoted phrases, and the sign before each.</summary>
/// <remarks>A hyphen inside a bare word is taken as itself: reports differ on what the service does, and refusing it
/// would refuse patterns that work there.</remarks>
public ref struct TermScanner
{
    const string NoPattern = "Invalid filter pattern";

    static readonly SearchValues<char> WordChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    readonly ReadOnlySpan<char> _text;
    int _at;
    string? _error;

    TermScanner(string text) => _text = text;

    /// <summary>The terms of a pattern, in their order.</summary>
    public static bool TryScan(string text, out IReadOnlyList<Term> terms, [NotNullWhen(false)] out string? error)
    {
        var scanner = new TermScanner(text);
        var found = new List<Term>();
        while (scanner.Next() is { } term)
            found.Add(term);
        (terms, error) = (found, scanner._error);
        return error is null;
    }

    Term? Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        if (_at == _text.Length)
            return null;

        var kind = _text[_at] switch
        {
            '-' => TermKind.Excluded,
            '?' => TermKind.Optional,
            _ => TermKind.Required
        };
        _at += kind == TermKind.Required ? 0 : 1;
        if (_at == _text.Length)
            return Refused(NoPattern);

        return _text[_at] switch
        {
            '"' => Phrase(kind),
            '%' => Refused("Filter patterns with regular expressions, %…%, are not served yet."),
            '-' => Refused($"Invalid character(s) in term '{_text[_at]}'"),
            _ => Word(kind)
        };
    }

    Term? Word(TermKind kind)
    {
        var rest = _text[_at..];
        var length = rest.IndexOfAnyExcept(WordChars);
        length = length < 0 ? rest.Length : length;
        _at += length;
        if (_at < _text.Length && !char.IsWhiteSpace(_text[_at]))
            return Refused($"Invalid character(s) in term '{rest[..(length + 1)]}'");
        return length == 0 ? Refused(NoPattern) : new(kind, rest[..length].ToString());
    }

    Term? Phrase(TermKind kind)
    {
        var phrase = new StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] is '"' or '\\')
                _at++;
            phrase.Append(_text[_at]);
        }

        if (_at == _text.Length || phrase.Length == 0)
            return Refused(NoPattern);

        _at++;
        return _at < _text.Length && !char.IsWhiteSpace(_text[_at])
            ? Refused($"Invalid character(s) in term '\"{phrase}\"{_text[_at]}'")
            : new(kind, phrase.ToString());
    }

    Term? Refused(string error)
    {
        _error = error;
        return null;
    }
}
