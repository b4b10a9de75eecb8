namespace CloudWatch.Patterns.Json;

/// <summary>Reads a pattern of the JSON form: conditions on selectors, joined by &amp;&amp; and ||.</summary>
sealed class JsonReader
{
    const int MostWildcards = 3;
    const string TooManyWildcards = "Your input has exceeded the maximum of 3 JSON wildcard selectors allowed per "
        + "filter pattern.";

    readonly PatternReader _reader;
    int _wildcards;

    JsonReader(PatternReader reader) => _reader = reader;

    /// <param name="reader">At what the braces hold.</param>
    public static JsonTree Read(PatternReader reader)
    {
        var clause = new ClauseReader(reader, new JsonReader(reader).ReadCondition).Read();
        return reader.IsAtEnd ? new(clause) : throw ClauseReader.Unjoined(reader);
    }

    JsonCondition ReadCondition()
    {
        var start = _reader.Position;
        if (_reader.IsAtEnd)
        {
            throw _reader.Fault(
                start, "a condition is missing", "write one, as in $.eventType = \"UpdateTrail\"");
        }

        var path = SelectorReader.Read(_reader);
        if (path.HasWildcard && ++_wildcards > MostWildcards)
        {
            throw _reader.Fault(
                start, "a fourth selector with a wildcard", "three are allowed in a pattern", TooManyWildcards);
        }

        _reader.SkipWhite();
        if (char.IsAsciiLetter(_reader.Current))
            return ReadKeyword(path);
        if (_reader.IsAtEnd || _reader.Current is '=' or '!' or '<' or '>')
            return new JsonComparison(path, ValueReader.Read(_reader));

        throw _reader.Invalid(start, "a comparison, IS or NOT EXISTS goes on after a selector");
    }

    JsonCondition ReadKeyword(JsonPath path)
    {
        var start = _reader.Position;
        var keyword = ReadWord();
        var second = ReadWord();
        return (keyword, second) switch
        {
            ("IS", "NULL") => new JsonIs(path, JsonKeyword.Null),
            ("IS", "TRUE") => new JsonIs(path, JsonKeyword.True),
            ("IS", "FALSE") => new JsonIs(path, JsonKeyword.False),
            ("NOT", "EXISTS") => new JsonMissing(path),
            ("EXISTS", _) => throw _reader.Fault(start, "there is no EXISTS", $"write {path} = *"),
            ("IS", "NOT") => throw _reader.Fault(start, "there is no IS NOT", "use != or NOT EXISTS"),
            _ => throw _reader.Fault(
                start, $"'{keyword} {second}' is no condition", "write IS NULL, IS TRUE, IS FALSE or NOT EXISTS")
        };
    }

    string ReadWord()
    {
        _reader.SkipWhite();
        var start = _reader.Position;
        while (char.IsAsciiLetter(_reader.Current))
            _reader.Position++;

        return _reader.Since(start);
    }
}
