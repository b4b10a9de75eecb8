using CloudWatch.Matching;

namespace CloudWatch.Patterns;

/// <summary>Reads the regular expressions of filter patterns, <c>%…%</c>: a small language of its own, without
/// groups, whose | takes all that stands on either side of it. Source: user guide, "Supported regular expressions
/// (regex) syntax".</summary>
/// <remarks>A dot takes any character but a line feed, which the user guide leaves open.</remarks>
sealed class FilterRegex
{
    public const int Most = 2;

    const int MostRepeats = 1000;
    const int MostSteps = 2000;
    public const string Operators = "^$?[]{}|*+.";
    const string Uncompiled = "Failed to compile regular expression.";
    const string TooMany = "Your input has exceeded the maximum of 2 regular expressions per filter pattern.";

    readonly PatternReader _reader;
    readonly int _start;
    int _classStart;

    FilterRegex(PatternReader reader, int start) => (_reader, _start) = (reader, start);

    bool IsOver => _reader.IsAtEnd || _reader.Current == '%';

    /// <summary>Takes an expression with its two percent signs.</summary>
    public static RegexComparand Read(PatternReader reader)
    {
        var start = reader.Position;
        if (++reader.RegexesRead > Most)
            throw reader.Fault(start, "a third regular expression", "two are allowed in a pattern", TooMany);

        reader.Position++;
        var expression = new FilterRegex(reader, start).ReadChoice();
        if (reader.IsAtEnd)
            throw reader.Fault(start, "a regular expression is not closed", "add the closing '%'");

        var text = reader.Since(start + 1);
        reader.Position++;
        return text.Length == 0
            ? throw reader.Fault(start, "an empty regular expression", "write what to look for", Uncompiled)
            : Pattern(expression) is null
                ? throw reader.Fault(start, "too large a regular expression", "repeat less in it", Uncompiled)
                : new(text, expression);
    }

    /// <summary>Null for one that is too large: a text may be made so that each of its bytes costs as much as the
    /// expression is large.</summary>
    public static BytePattern? Pattern(Node expression) => BytePattern.Of(expression, MostSteps);

    Node ReadChoice()
    {
        var branches = new List<Node> { ReadSequence() };
        while (_reader.Take("|"))
            branches.Add(ReadSequence());

        return branches.Count == 1 ? branches[0] : new Choice(branches);
    }

    Sequence ReadSequence()
    {
        var items = new List<Node>();
        while (!IsOver && _reader.Current != '|')
        {
            var start = _reader.Position;
            if (ReadQuantifier() is var (least, most))
                items[^1] = Repeated(items, least, most, start);
            else
                items.Add(ReadItem());
        }

        return new(items);
    }

    Repeat Repeated(List<Node> items, int least, int? most, int start)
    {
        if (items is [] or [.., Anchor or Repeat])
            throw Bad(start, "there is nothing to repeat before it", "write \\ before it if it is meant itself");

        // Whether as few or as many as can be are taken changes nothing of whether a text matches.
        _ = _reader.Take("?");
        return new Repeat(items[^1], least, most, IsCounted: false);
    }

    (int Least, int? Most)? ReadQuantifier()
    {
        switch (_reader.Current)
        {
            case '*':
                _reader.Position++;
                return (0, null);
            case '+':
                _reader.Position++;
                return (1, null);
            case '?':
                _reader.Position++;
                return (0, 1);
            case '{':
                return ReadCounts();
            default:
                return null;
        }
    }

    (int Least, int? Most) ReadCounts()
    {
        var start = _reader.Position++;
        var least = ReadCount();
        var most = least;
        var isRange = _reader.Take(",");
        if (isRange)
            most = ReadCount();
        var isCounted = _reader.Take("}") && (least ?? most) is not null && !(most < least);
        if (!isCounted || Math.Max(least ?? 0, most ?? 0) > MostRepeats)
        {
            throw Bad(
                start, "'{' is not followed by how often",
                $"write {{2}}, {{2,}}, {{,4}} or {{2,4}}, with at most {MostRepeats}");
        }

        return (least ?? 0, most);
    }

    int? ReadCount()
    {
        int? count = null;
        for (; char.IsAsciiDigit(_reader.Current); _reader.Position++)
            count = Math.Min((count ?? 0) * 10 + (_reader.Current - '0'), MostRepeats + 1);

        return count;
    }

    Node ReadItem()
    {
        var letter = _reader.Current;
        switch (letter)
        {
            case '^':
                _reader.Position++;
                return new Anchor(Edge.TextStart);
            case '$':
                _reader.Position++;
                return new Anchor(Edge.TextEnd);
            case '.':
                _reader.Position++;
                return new Letter(RuneSet.Of('\n').Negated());
            case '[':
                return new Letter(ReadClass());
            default:
                return new Letter(ReadLetter());
        }
    }

    RuneSet ReadClass()
    {
        _classStart = _reader.Position++;
        var isNegated = _reader.Take("^");
        var set = RuneSet.Empty;
        var isFirst = true;
        while (isFirst || _reader.Current != ']')
        {
            if (IsOver)
                throw Bad(_classStart, "'[' is not closed", "add ']'");

            set = set.With(ReadRange());
            isFirst = false;
        }

        _reader.Position++;
        return isNegated ? set.Negated() : set;
    }

    RuneSet ReadRange()
    {
        var start = _reader.Position;
        var from = ReadClassLetter();
        if (_reader.Current != '-' || _reader.Next is ']')
            return from;

        _reader.Position++;
        if (IsOver)
            throw Bad(_classStart, "'[' is not closed", "add ']'");

        var to = ReadClassLetter();
        return from.Only is { } first && to.Only is { } last && first <= last
            ? RuneSet.Of([(first, last)])
            : throw Bad(start, "the range goes from nothing to nothing", "write it as a-z");
    }

    // Inside brackets the operators stand for themselves.
    RuneSet ReadClassLetter()
    {
        var letter = _reader.Current;
        if (!Operators.Contains(letter, StringComparison.Ordinal))
            return ReadLetter();

        _reader.Position++;
        return RuneSet.Of(letter);
    }

    RuneSet ReadLetter()
    {
        var letter = _reader.Current;
        if (letter == '\\')
            return ReadEscape();
        if (!IsLiteral(letter) && letter is not (']' or '}'))
            throw _reader.Invalid(_start, HowToWrite(letter));

        _reader.Position++;
        return RuneSet.Of(letter);
    }

    RuneSet ReadEscape()
    {
        var start = _reader.Position++;
        var letter = _reader.Current;
        if (letter == 'x')
            return ReadHex(start);
        if (!IsOver && RegexEscapes.Of(letter) is { } set)
        {
            _reader.Position++;
            return set;
        }

        throw Bad(
            start, $"'\\' before {_reader.Shown()} means nothing here",
            "use \\d \\s \\w, their capitals, or \\x28 for '('");
    }

    RuneSet ReadHex(int start)
    {
        var value = 0;
        for (var i = 0; i < 2; i++)
        {
            _reader.Position++;
            if (!char.IsAsciiHexDigit(_reader.Current))
            {
                throw Bad(
                    start, "'\\x' is not followed by two hexadecimal digits", "write \\x28 for an opening parenthesis");
            }

            value = value * 16 + Convert.ToInt32(_reader.Current.ToString(), 16);
        }

        _reader.Position++;
        return value < 0x80 ? RuneSet.Of(value)
            : throw Bad(start, "'\\x' stands for ASCII characters only", "put other text in quotes");
    }

    static bool IsLiteral(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is
        ' ' or ':' or '_' or '#' or '=' or '@' or '/' or ';' or ',' or '-';

    static string HowToWrite(char letter) => letter is > ' ' and < '\x7F'
        ? $"write \\x{(int)letter:X2}" + (letter is '(' or ')' ? "; there are no groups" : "")
        : "letters, digits and : _ # = @ / ; , - may stand in a regular expression; put other text in quotes";

    PatternException Bad(int position, string what, string remedy) =>
        _reader.Fault(position, what, remedy, Uncompiled);
}
