using System.Text;
using System.Text.Json;

namespace Agent.Config.Reading;

/// <summary>An object or a list whose end has not come yet.</summary>
sealed record Opened(Place Place, bool IsObject);

/// <summary>Says in a writer's words why a document is no JSON. The parser knows only where it stopped, and its message
/// speaks of reader options; so the neighbourhood of that place is looked at again.</summary>
sealed class SyntaxFault
{
    readonly byte[] _document;
    readonly Opened? _open;
    readonly int _depth;
    readonly int _offsetBytes;
    readonly Rune _found;
    readonly bool _isInsideText;
    readonly bool _isAfterKey;

    SyntaxFault(byte[] document, int offsetBytes, Utf8JsonReader reader, Stack<Opened> open)
    {
        (_document, _offsetBytes, _depth) = (document, offsetBytes, open.Count);
        open.TryPeek(out _open);
        Rune.DecodeFromUtf8(document.AsSpan(offsetBytes), out _found, out _);
        _isInsideText = IsInsideText((int)reader.BytesConsumed);
        _isAfterKey = IsAfterKey((int)reader.TokenStartIndex);
    }

    /// <param name="reader">As it stood when it gave up.</param>
    /// <param name="open">Innermost first.</param>
    public static void Report(
        byte[] document, JsonException trouble, Utf8JsonReader reader, Stack<Opened> open,
        Action<int, string, string> report)
    {
        var offsetBytes = OffsetOf(document, trouble);
        var fault = new SyntaxFault(document, offsetBytes, reader, open);
        var (what, remedy) = document.AsSpan(offsetBytes).Trim(", \t\r\n"u8).IsEmpty ? fault.AtTheEnd()
            : fault._isInsideText ? fault.InsideText()
            : fault.BetweenTexts();
        report(offsetBytes, what, remedy);
    }

    (string What, string Remedy) AtTheEnd() =>
        _open is { } open
            ? ($"the document ends, the {Kind} opened in line {open.Place.Line}, column {open.Place.Column} does not",
                $"close it with {Closing}")
        : Before(_offsetBytes) == 0 ? ("the document is empty, one JSON object is allowed", "write at least {}")
        : ("the document ends in the middle of a value", "complete it");

    (string What, string Remedy) InsideText() =>
        _found.Value < ' '
            ? ($"{Shown.Letter(_found)} was found inside a text, allowed is a text on one line",
                "close the quote, or write \\n or \\t")
            : ($"{Shown.Letter(_found)} was found in an escape, allowed are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and"
                + " \\u with four hexadecimal digits", "write \\\\ where a backslash is meant");

    (string What, string Remedy) BetweenTexts() => _found.Value switch
    {
        '/' or '#' => ($"{Found}, JSON has no comments", "delete the comment"),
        '\'' or '\u2018' or '\u2019' or '\u201C' or '\u201D' => ($"{Found}, only \" quotes a text", "write \""),
        '{' or '[' when _depth >= MostLevels =>
            ($"{Found}, at most {MostLevels} levels are allowed", "nest less deeply"),
        '}' or ']' => AtClosing(),
        _ when IsBadWord => ($"{Shown.Text(Word)} was found, {AnyValue} is allowed", "quote it if it is a text"),
        _ when _depth == 0 && Before(_offsetBytes) != 0 =>
            ($"{Found} after the document's end, one JSON object is allowed", "delete what follows it"),
        _ when _isAfterKey => ($"{Found} after a key, a colon is allowed", "write the colon"),
        ',' => ($"{Found}, {Expected} is allowed", "delete the comma"),
        _ when IsAfterValue => ($"{Found} after a value, a comma or {Closing} is allowed", "write the comma"),
        _ when Before(_offsetBytes) == 0 => ($"{Found}, {Expected} is allowed", "begin with {"),
        _ => ($"{Found}, {Expected} is allowed", "quote it if it is a text")
    };

    (string What, string Remedy) AtClosing() => (char)Before(_offsetBytes) switch
    {
        _ when _open is null => ($"{Found}, but nothing is open", "delete it"),
        ',' => ($"{Found} after a comma, {Expected} is allowed", "delete the comma"),
        ':' => ($"{Found} after a colon, {AnyValue} is allowed", "write the value"),
        _ when _isAfterKey => ($"{Found} after a key, a colon is allowed", "write a colon and the value"),
        _ when IsBadWord => ($"{Shown.Text(Word)} was found, {AnyValue} is allowed", "quote it if it is a text"),
        _ => ($"{Found}, {Closing} closes the {Kind} opened in line {_open.Place.Line}", $"write {Closing} before it")
    };

    const string AnyValue = "a text in \", a number, true, false, null, a list or an object";

    /// <summary>The parser's own bound, and far more than the schema has.</summary>
    const int MostLevels = 64;

    string Found => $"{Shown.Letter(_found)} was found";

    string Kind => _open is { IsObject: true } ? "object" : "list";

    string Closing => _open is { IsObject: true } ? "}" : "]";

    string Expected => (char)Before(_offsetBytes) switch
    {
        '\0' => "one JSON object",
        '{' => "a key in \" or }",
        ',' when _open is { IsObject: true } => "a key in \"",
        _ => AnyValue
    };

    bool IsAfterValue => Before(_offsetBytes) is not (0 or (byte)'{' or (byte)'[' or (byte)',' or (byte)':');

    // Right behind a digit the parser stops either at a letter too many or at what follows a good number.
    bool IsBadWord => _offsetBytes > 0 && _document[_offsetBytes - 1] is var last && IsWordByte(last)
        && (IsWordByte(_document[_offsetBytes]) || !char.IsAsciiDigit((char)last));

    string Word
    {
        get
        {
            var (start, end) = (_offsetBytes, _offsetBytes);
            while (start > 0 && IsWordByte(_document[start - 1]))
                start--;
            while (end < _document.Length && IsWordByte(_document[end]))
                end++;
            return Encoding.UTF8.GetString(_document, start, end - start);
        }
    }

    // Where the parser stops inside a text, it has consumed up to just before the opening quote.
    bool IsInsideText(int consumedBytes)
    {
        var start = consumedBytes;
        while (start < _offsetBytes && (IsBlank(_document[start]) || _document[start] is (byte)',' or (byte)':'))
            start++;
        return start < _offsetBytes && _document[start] == (byte)'"';
    }

    bool IsAfterKey(int tokenStart) =>
        tokenStart < _offsetBytes && _document[tokenStart] == (byte)'"' && _open is { IsObject: true }
        && Before(tokenStart) is (byte)'{' or (byte)',';

    /// <summary>The last byte before an offset that is no blank; 0 at the start of the document.</summary>
    byte Before(int offsetBytes)
    {
        while (--offsetBytes >= 0)
        {
            if (!IsBlank(_document[offsetBytes]))
                return _document[offsetBytes];
        }

        return 0;
    }

    static bool IsBlank(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    static bool IsWordByte(byte letter) =>
        char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'.' or (byte)'+' or (byte)'-' or (byte)'_';

    static int OffsetOf(ReadOnlySpan<byte> document, JsonException trouble)
    {
        var lineStart = 0;
        for (var line = 0; line < trouble.LineNumber; line++)
            lineStart += document[lineStart..].IndexOf((byte)'\n') + 1;

        return (int)Math.Min(document.Length, lineStart + (trouble.BytePositionInLine ?? 0));
    }
}
