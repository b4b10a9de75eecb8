using CloudWatch.Matching;

namespace Agent.Config.Expressions;

/// <summary>What stands behind a backslash and means a character or a named class, alone or inside brackets.</summary>
static class Escapes
{
    const string AnyCharacter = "write . or [\\s\\S]";

    /// <summary>A class such as \d or \p{Lu}; null, and nothing taken, for any other escape.</summary>
    /// <param name="isCaseless">Whether (?i) holds.</param>
    public static RuneSet? ReadClass(Cursor cursor, bool isCaseless)
    {
        if (cursor.Current != '\\')
            return null;

        var letter = cursor.Next;
        if (letter is 'p' or 'P')
            return ReadUnicode(cursor, isCaseless);

        if (NamedClasses.OfLetter(letter | 0x20) is not { } set)
            return null;

        cursor.Position += 2;
        return Cased(set, isCaseless, isNegated: letter < 'a');
    }

    /// <summary>The class in all its cases; (?i) comes before "all but".</summary>
    public static RuneSet Cased(RuneSet set, bool isCaseless, bool isNegated)
    {
        var cased = isCaseless ? LetterCase.Of(set) : set;
        return isNegated ? cased.Negated() : cased;
    }

    /// <summary>The character that the escape at the cursor means.</summary>
    public static int ReadCharacter(Cursor cursor)
    {
        var start = cursor.Position;
        cursor.Take();
        if (cursor.IsAtEnd)
            throw Cursor.Fault(start, "a backslash ends the expression", "write \\\\ where a backslash is meant");

        var letter = cursor.Take();
        return letter switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            'x' => ReadHexadecimal(cursor, start),
            '0' => ReadOctal(cursor, 0),
            >= '1' and <= '7' when cursor.Current is >= '0' and <= '7' => ReadOctal(cursor, letter - '0'),
            >= '1' and <= '9' => throw Cursor.Fault(start, $"the back reference {cursor.Shown(start)} was found, RE2"
                + " has none", "write out what it stands for"),
            'C' => throw Cursor.Fault(start, "\\C was found, a single byte is no character", AnyCharacter),
            'Z' => throw Cursor.Fault(start, "\\Z was found, RE2 has only \\z", "write \\z for the end of the text"),
            < 0x80 when !char.IsAsciiLetterOrDigit((char)letter) => letter,
            _ => throw Cursor.Fault(start, $"{cursor.Shown(start)} was found, RE2 has no such escape",
                "leave the backslash out, or write \\\\ where one is meant")
        };
    }

    static int ReadOctal(Cursor cursor, int value)
    {
        // Up to three digits in all, the first of which is taken.
        for (var digits = 1; digits < 3 && cursor.Current is >= '0' and <= '7'; digits++)
            value = (value * 8) + cursor.Take() - '0';

        return value;
    }

    static int ReadHexadecimal(Cursor cursor, int start)
    {
        var value = 0;
        var isBraced = cursor.Take("{");
        var first = cursor.Position;
        while (IsHexadecimal(cursor.Current) && (isBraced || cursor.Position - first < 2) && value <= RuneSet.LastRune)
            value = (value * 16) + Convert.ToInt32($"{(char)cursor.Take()}", 16);

        var digits = cursor.Position - first;
        var isWhole = isBraced ? digits > 0 && cursor.Take("}") : digits == 2;
        if (isWhole && value <= RuneSet.LastRune)
            return value;

        throw Cursor.Fault(start, $"{cursor.Shown(start)} is no character's number",
            "write \\x and two hexadecimal digits, or \\x{...} up to 10FFFF");
    }

    static RuneSet ReadUnicode(Cursor cursor, bool isCaseless)
    {
        var start = cursor.Position;
        var isNegated = cursor.Next == 'P';
        cursor.Position += 2;
        if (cursor.IsAtEnd)
            throw Cursor.Fault(start, $"{cursor.Shown(start)} names no class", "write \\pL or \\p{Lu}");

        string? name;
        if (cursor.Take("{"))
            name = cursor.TakeThrough("}");
        else
            name = cursor.Text(cursor.Position, ++cursor.Position);

        if (name is null)
            throw Cursor.Fault(start, $"the brace of {cursor.Shown(start)} is not closed", "close it with }");

        if (name.StartsWith('^'))
            (name, isNegated) = (name[1..], !isNegated);

        if (NamedClasses.OfUnicode(name) is { } set)
            return Cased(set, isCaseless, isNegated);

        throw Cursor.Fault(start, $"{cursor.Shown(start)} is not served, only general categories such as \\p{{Lu}} are",
            "write its characters as ranges, such as [\\x{370}-\\x{3FF}]");
    }

    static bool IsHexadecimal(int rune) => rune is >= 0 and < 0x80 && char.IsAsciiHexDigit((char)rune);
}
