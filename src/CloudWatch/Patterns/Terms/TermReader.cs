using System.Buffers;

namespace CloudWatch.Patterns.Terms;

/// <summary>Takes a pattern of the terms form apart: words, quoted phrases, regular expressions, and the sign before
/// each.</summary>
/// <remarks>A hyphen inside a bare word is taken as itself: reports differ on what the service does, and refusing it
/// would refuse patterns that work there.</remarks>
sealed class TermReader
{
    const string Quote = "put the term in double quotes";

    static readonly SearchValues<char> WordLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    readonly PatternReader _reader;

    TermReader(PatternReader reader) => _reader = reader;

    /// <summary>The terms of a pattern, in their order.</summary>
    public static List<Term> Read(PatternReader reader)
    {
        var terms = new List<Term>();
        var self = new TermReader(reader);
        for (reader.SkipWhite(); !reader.IsAtEnd; reader.SkipWhite())
            terms.Add(self.ReadTerm());

        return terms;
    }

    Term ReadTerm()
    {
        var start = _reader.Position;
        var kind = _reader.Take("-") ? TermKind.Excluded : _reader.Take("?") ? TermKind.Optional : TermKind.Required;
        if (_reader.IsAtEnd || PatternReader.IsWhite(_reader.Current))
        {
            throw _reader.Fault(
                start, $"{_reader.Since(start)} stands before nothing", "write the term right behind it, or quote it");
        }

        Comparand sought = _reader.Current switch
        {
            '"' => ReadPhrase(),
            '%' => FilterRegex.Read(_reader),
            '-' => throw _reader.Invalid(_reader.Position, Quote),
            _ => ReadWord()
        };
        return _reader.IsAtEnd || PatternReader.IsWhite(_reader.Current)
            ? new(kind, sought)
            : throw _reader.Invalid(start + (kind == TermKind.Required ? 0 : 1), "put a blank between two terms");
    }

    TextComparand ReadWord()
    {
        var start = _reader.Position;
        var word = _reader.TakeAll(WordLetters);
        return _reader.IsAtEnd || PatternReader.IsWhite(_reader.Current)
            ? new(word, IsQuoted: false)
            : throw _reader.Invalid(start, Quote);
    }

    TextComparand ReadPhrase()
    {
        var start = _reader.Position;
        var phrase = ValueReader.ReadQuoted(_reader);
        return phrase.Length > 0
            ? new(phrase, IsQuoted: true)
            : throw _reader.Fault(start, "the quotes are empty", "write the text to look for between them");
    }
}
