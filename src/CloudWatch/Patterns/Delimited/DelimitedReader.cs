using System.Buffers;

namespace CloudWatch.Patterns.Delimited;

/// <summary>Reads a pattern of the space-delimited form: names of fields, with conditions on them or none.</summary>
sealed class DelimitedReader
{
    public static readonly SearchValues<char> NameLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    // Refused where it stands bare (observed).
    const string Space = "SPACE";

    readonly PatternReader _reader;
    readonly HashSet<string> _names = new(StringComparer.Ordinal);

    DelimitedReader(PatternReader reader) => _reader = reader;

    /// <param name="reader">At what the brackets hold.</param>
    public static DelimitedTree Read(PatternReader reader)
    {
        reader.SkipWhite();
        return reader.IsAtEnd ? new([], []) : new DelimitedReader(reader).ReadFields();
    }

    DelimitedTree ReadFields()
    {
        List<Field> first = [];
        List<Field>? last = null;
        do
        {
            _reader.SkipWhite();
            var start = _reader.Position;
            if (!_reader.Take("..."))
                (last ?? first).Add(ReadField());
            else
                last = last is null ? [] : throw Twice(start, "...");

            _reader.SkipWhite();
        }
        while (_reader.Take(","));

        return _reader.IsAtEnd ? new(first, last) : throw ClauseReader.Unjoined(_reader);
    }

    Field ReadField()
    {
        var start = _reader.Position;
        string? name = null;
        var condition = IsNameAlone() ? null : new ClauseReader(_reader, () => ReadCondition(ref name)).Read();
        name ??= ReadName();
        return _names.Add(name) ? new(name, condition) : throw Twice(start, name);
    }

    bool IsNameAlone()
    {
        var start = _reader.Position;
        _ = _reader.TakeAll(NameLetters);
        _reader.SkipWhite();
        var isAlone = _reader.IsAtEnd || _reader.Current == ',';
        _reader.Position = start;
        return isAlone;
    }

    FieldCondition ReadCondition(ref string? fieldName)
    {
        _reader.SkipWhite();
        var start = _reader.Position;
        var name = ReadName();
        fieldName ??= name;
        if (name != fieldName)
        {
            throw _reader.Fault(
                start, $"a condition on {name} in the field {fieldName}",
                $"write it where the field {name} stands, or begin a new field with ','");
        }

        _reader.SkipWhite();
        var test = ValueReader.Read(_reader);
        return test.Comparand is TextComparand { Text: Space, IsQuoted: false }
            ? throw _reader.Fault(
                _reader.Position - Space.Length, $"{Space} is a word of the service's own", "put it in double quotes")
            : new(name, test);
    }

    string ReadName()
    {
        var start = _reader.Position;
        var name = _reader.TakeAll(NameLetters);
        if (name.Length == 0 && (_reader.IsAtEnd || _reader.Current == ','))
            throw _reader.Fault(start, "a field has no name", "name it, or delete the ','");

        return name.Length > 0 ? name : throw _reader.Invalid(start, "names have letters, digits, _ and -");
    }

    PatternException Twice(int position, string name) => _reader.Fault(
        position, $"{name} stands there already", "each may stand once", $"Duplicate field '{name}'");
}
