using CloudWatch.Matching;

namespace Agent.Config.Expressions;

/// <summary>*, +, ? or braces behind a piece, as written.</summary>
readonly record struct Repetition(int Least, int? Most, bool IsCounted)
{
    /// <summary>RE2's bound, also on repetitions that repeat each other.</summary>
    const int MostRepeats = 1000;

    /// <summary>Three for each group that may lie in another: its branches, their items, its repetition.</summary>
    const int MostHeight = 3 * Grammar.MostLevels;

    /// <summary>Null, and nothing taken, if none stands here; a { that begins none is a character.</summary>
    public static Repetition? Read(Cursor cursor)
    {
        if (ReadBounds(cursor) is not var (least, most, isCounted))
            return null;

        cursor.Take("?"); // as few as will do: whether a text matches is the same
        return new Repetition(least, most, isCounted);
    }

    /// <param name="start">Where the repetition stands, for a fault.</param>
    public Repeat Of(Node item, int start)
    {
        if (IsCounted && Most < Least)
            throw Cursor.Fault(start, $"{Least} to {Most} repetitions were found", "write the smaller number first");

        // Each is bounded before they are multiplied, so that no product overflows.
        var repeats = IsCounted ? Math.Max(Least, Most ?? 0) : 1;
        if (repeats <= MostRepeats)
        {
            var repeat = new Repeat(item, Least, Most, IsCounted);
            if (repeat.Height > MostHeight)
            {
                throw Cursor.Fault(start, "repetitions lie in each other too deep", "delete those that add nothing");
            }

            if (repeat.Repeats <= MostRepeats)
                return repeat;
        }

        throw Cursor.Fault(start, $"more than {MostRepeats} repetitions were found, RE2 takes no more",
            $"write {MostRepeats} at most, also for repetitions inside of repetitions");
    }

    static (int Least, int? Most, bool IsCounted)? ReadBounds(Cursor cursor)
    {
        switch (cursor.Current)
        {
            case '*':
                cursor.Take();
                return (0, null, false);
            case '+':
                cursor.Take();
                return (1, null, false);
            case '?':
                cursor.Take();
                return (0, 1, false);
            case '{':
                return ReadBraces(cursor);
            default:
                return null;
        }
    }

    static (int Least, int? Most, bool IsCounted)? ReadBraces(Cursor cursor)
    {
        var start = cursor.Position;
        cursor.Take();
        if (cursor.TakeNumber() is { } least)
        {
            if (cursor.Take("}"))
                return (least, least, true);

            if (cursor.Take(",}"))
                return (least, null, true);

            if (cursor.Take(",") && cursor.TakeNumber() is { } most && cursor.Take("}"))
                return (least, most, true);
        }

        cursor.Position = start;
        return null;
    }
}
