using CloudWatch.Matching;

namespace Agent.Config.Expressions;

/// <summary>Reads an expression in RE2's syntax, as the CloudWatch agent takes it: one pass, no going back, so that its
/// time is linear. What others would take and RE2 would not is a fault; of what RE2 takes only scripts are.</summary>
sealed class Grammar
{
    /// <summary>RE2's own bound on how deep groups lie in each other.</summary>
    public const int MostLevels = 1000;

    readonly Cursor _cursor;
    readonly Node? _timestamp;
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    Flags _flags = new(false, false, false);
    int _levels;

    Grammar(string written, Node? timestamp) => (_cursor, _timestamp) = (new Cursor(written), timestamp);

    /// <param name="timestamp">What {timestamp_format} stands for; null where it is plain text.</param>
    public static Node Read(string written, Node? timestamp)
    {
        var grammar = new Grammar(written, timestamp);
        var whole = grammar.ReadChoice();
        return grammar._cursor.IsAtEnd
            ? whole
            : throw Cursor.Fault(grammar._cursor.Position, "')' closes no group",
                "delete it, or write \\) for the character itself");
    }

    Node ReadChoice()
    {
        var branches = new List<Node> { ReadSequence() };
        while (_cursor.Take("|"))
            branches.Add(ReadSequence());

        return branches.Count == 1 ? branches[0] : new Choice(branches);
    }

    Sequence ReadSequence()
    {
        var items = new List<Node>();
        var repeatEnd = -1;
        while (_cursor.Current is not (-1 or '|' or ')'))
        {
            var start = _cursor.Position;
            if (Repetition.Read(_cursor) is { } repetition)
            {
                items[^1] = repetition.Of(LastOf(items, start, repeatEnd), start);
                repeatEnd = _cursor.Position;
            }
            else
            {
                ReadItem(items);
            }
        }

        return new Sequence(items);
    }

    Node LastOf(List<Node> items, int start, int repeatEnd)
    {
        if (items.Count == 0)
            throw Cursor.Fault(start, $"{_cursor.Shown(start)} repeats nothing", "write what it repeats before it");

        if (start == repeatEnd)
        {
            throw Cursor.Fault(start, $"{_cursor.Shown(start)} repeats a repetition, RE2 has no possessive one",
                "delete it, or put the first in (?:...)");
        }

        return items[^1];
    }

    void ReadItem(List<Node> items)
    {
        if (_cursor.Current == '(')
        {
            if (ReadGroup() is { } group)
                items.Add(group);
        }
        else if (_cursor.Take("\\Q"))
        {
            ReadQuoted(items);
        }
        else if (_timestamp is not null && _cursor.Take(Expression.Timestamp))
        {
            items.Add(_timestamp);
        }
        else
        {
            items.Add(ReadAtom());
        }
    }

    Node ReadAtom()
    {
        switch (_cursor.Current)
        {
            case '[':
                return new Letter(Brackets.Read(_cursor, _flags.IsCaseless));
            case '.':
                _cursor.Take();
                return new Letter(_flags.DotIsAll ? RuneSet.All : RuneSet.Of('\n').Negated());
            case '^':
                _cursor.Take();
                return new Anchor(_flags.IsByLine ? Edge.LineStart : Edge.TextStart);
            case '$':
                _cursor.Take();
                return new Anchor(_flags.IsByLine ? Edge.LineEnd : Edge.TextEnd);
            case '\\':
                return ReadEscape();
            default:
                return Literal(_cursor.Take());
        }
    }

    Node ReadEscape()
    {
        Edge? edge = _cursor.Next switch
        {
            'A' => Edge.TextStart,
            'z' => Edge.TextEnd,
            'b' => Edge.WordEdge,
            'B' => Edge.NoWordEdge,
            _ => null
        };
        if (edge is { } known)
        {
            _cursor.Position += 2;
            return new Anchor(known);
        }

        return Escapes.ReadClass(_cursor, _flags.IsCaseless) is { } set
            ? new Letter(set)
            : Literal(Escapes.ReadCharacter(_cursor));
    }

    void ReadQuoted(List<Node> items)
    {
        while (!_cursor.IsAtEnd && !_cursor.Take("\\E"))
            items.Add(Literal(_cursor.Take()));
    }

    Letter Literal(int rune) => new(_flags.IsCaseless ? LetterCase.Of(rune) : RuneSet.Of(rune));

    /// <summary>A group, or null for flags that hold from here to the end of the group around them.</summary>
    Node? ReadGroup()
    {
        var start = _cursor.Position;
        var before = _flags;
        if (!GroupOpening.Read(_cursor, _names, ref _flags))
            return null;

        if (++_levels > MostLevels)
            throw Cursor.Fault(start, $"at most {MostLevels} groups may lie in each other", "nest less deeply");

        var inner = ReadChoice();
        if (!_cursor.Take(")"))
            throw Cursor.Fault(start, "'(' is not closed", "close it with ), or write \\( for the character itself");

        _levels--;
        _flags = before;
        return inner;
    }
}
