namespace Agent.Config.Expressions;

/// <summary>What stands between a group's parenthesis and its contents: nothing, a name or flags.</summary>
static class GroupOpening
{
    const string Unsupported = "RE2 has (?P<name>...), (?:...) and the flags i, m, s and U";

    /// <summary>False if it was no group but flags alone.</summary>
    public static bool Read(Cursor cursor, HashSet<string> names, ref Flags flags)
    {
        var start = cursor.Position;
        cursor.Take();
        if (!cursor.Take("?"))
            return true;

        if (cursor.IsAt("<=") || cursor.IsAt("<!"))
        {
            cursor.Position += 2;
            throw Unknown(cursor, start);
        }

        if (!cursor.Take("P<") && !cursor.Take("<"))
            return ReadFlags(cursor, start, ref flags);

        ReadName(cursor, start, names);
        return true;
    }

    static void ReadName(Cursor cursor, int start, HashSet<string> names)
    {
        var name = cursor.TakeThrough(">");
        if (string.IsNullOrEmpty(name) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            throw Cursor.Fault(start, $"{cursor.Shown(start)} names no group",
                "write (?P<name>...) with letters, digits and _ in the name");
        }

        if (!names.Add(name))
            throw Cursor.Fault(start, $"the group name {cursor.Shown(start)} is given twice", "rename one of the two");
    }

    static bool ReadFlags(Cursor cursor, int start, ref Flags flags)
    {
        var (isOn, isComplete) = (true, true);
        while (!cursor.IsAtEnd)
        {
            var letter = cursor.Take();
            if (letter is ':' or ')' && isComplete)
                return letter == ':';

            if (letter == '-' && isOn)
                (isOn, isComplete) = (false, false);
            else if (flags.With(letter, isOn) is { } switched)
                (flags, isComplete) = (switched, true);
            else
                throw Unknown(cursor, start);
        }

        throw Cursor.Fault(start, "'(' is not closed", "close it with ), or write \\( for the character itself");
    }

    static ExpressionException Unknown(Cursor cursor, int start) =>
        Cursor.Fault(start, $"{cursor.Shown(start)} was found, {Unsupported}", "write it without");
}
