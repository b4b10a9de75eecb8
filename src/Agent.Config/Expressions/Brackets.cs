using CloudWatch.Matching;

namespace Agent.Config.Expressions;

/// <summary>A class in brackets. A ] right after the opening or its ^ is a character, and so is a - that is not between
/// two characters; a [ is always one, unless it opens [:alpha:].</summary>
static class Brackets
{
    public static RuneSet Read(Cursor cursor, bool isCaseless)
    {
        var start = cursor.Position;
        cursor.Take();
        var isNegated = cursor.Take("^");
        var first = cursor.Position;
        var plain = new List<(int First, int Last)>();
        var named = new List<(int First, int Last)>();
        while (cursor.Current != ']' || cursor.Position == first)
        {
            if (cursor.IsAtEnd)
                throw Cursor.Fault(start, "'[' is not closed", "close it with ], or write \\[ where it is meant");

            if (ReadNamed(cursor, isCaseless) is { } set)
                named.AddRange(set.Ranges);
            else
                plain.Add(ReadRange(cursor));
        }

        cursor.Take();
        var union = Escapes.Cased(RuneSet.Of(plain), isCaseless, isNegated: false).With(RuneSet.Of(named));
        return isNegated ? union.Negated() : union;
    }

    static RuneSet? ReadNamed(Cursor cursor, bool isCaseless)
    {
        if (!cursor.IsAt("[:"))
            return Escapes.ReadClass(cursor, isCaseless);

        var start = cursor.Position;
        cursor.Position += 2;
        if (cursor.TakeThrough(":]") is not { } name)
        {
            cursor.Position = start;
            return null;
        }

        var isNegated = name.StartsWith('^');
        if (NamedClasses.OfPosix(isNegated ? name[1..] : name) is { } set)
            return Escapes.Cased(set, isCaseless, isNegated);

        throw Cursor.Fault(start, $"{cursor.Shown(start)} names no class", "write one such as [:alpha:] or [:digit:]");
    }

    static (int First, int Last) ReadRange(Cursor cursor)
    {
        var start = cursor.Position;
        var first = ReadCharacter(cursor);
        if (cursor.Current != '-' || cursor.Next is ']' or -1)
            return (first, first);

        cursor.Take();
        var last = ReadCharacter(cursor);
        if (first <= last)
            return (first, last);

        throw Cursor.Fault(start, $"the range {cursor.Shown(start)} runs backwards", "write the lower end first");
    }

    static int ReadCharacter(Cursor cursor) => cursor.Current == '\\' ? Escapes.ReadCharacter(cursor) : cursor.Take();
}
