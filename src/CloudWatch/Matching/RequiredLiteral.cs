using System.Text;

namespace CloudWatch.Matching;

/// <summary>The longest text that stands in whatever an expression matches. It is searched as bytes, which is many
/// times faster than matching, and most lines do not have it.</summary>
static class RequiredLiteral
{
    /// <summary>Longer does not find faster.</summary>
    const int LongestRepeated = 256;

    /// <summary>Null if there is none.</summary>
    public static string? Of(Node expression)
    {
        var longest = Longest(expression);
        return longest.Length == 0 ? null : longest;
    }

    /// <summary>The one text that is matched and nothing else, without conditions; null if it is not so.</summary>
    public static string? Whole(Node expression)
    {
        var text = new StringBuilder();
        var isExact = AppendExact(text, expression, anchorsCount: true);
        return isExact && text.Length > 0 ? text.ToString() : null;
    }

    static string Longest(Node node)
    {
        switch (node)
        {
            case Repeat { Least: > 0 } repeat:
                return Longest(repeat.Item);
            case Letter:
                return LongestIn([node]);
            case Sequence sequence:
                return LongestIn(sequence.Items);
            default:
                return "";
        }
    }

    static string LongestIn(IReadOnlyList<Node> items)
    {
        var (longest, run) = ("", new StringBuilder());
        foreach (var item in items)
        {
            var lengthBefore = run.Length;
            if (AppendExact(run, item, anchorsCount: false))
                continue;

            // What repeats begins and ends with what is repeated.
            run.Length = lengthBefore;
            AppendRepeating(run, item);
            longest = Longer(longest, run.ToString());
            run.Clear();
            AppendRepeating(run, item);
            longest = Longer(longest, item is Letter ? "" : Longest(item));
        }

        return Longer(longest, run.ToString());
    }

    static void AppendRepeating(StringBuilder run, Node item)
    {
        var lengthBefore = run.Length;
        if (item is not Repeat { Least: > 0 } repeat || !AppendExact(run, repeat.Item, anchorsCount: false))
            run.Length = lengthBefore;
    }

    static string Longer(string one, string other) => other.Length > one.Length ? other : one;

    // False leaves behind what was appended by then.
    static bool AppendExact(StringBuilder text, Node node, bool anchorsCount)
    {
        switch (node)
        {
            case Letter { Set.Only: { } rune } when Rune.IsValid(rune):
                text.Append(new Rune(rune));
                return true;
            case Anchor:
                return !anchorsCount;
            case Sequence sequence:
                return sequence.Items.All(item => AppendExact(text, item, anchorsCount));
            case Repeat repeat when repeat.Least == repeat.Most:
                return AppendRepeated(text, repeat, anchorsCount);
            default:
                return false;
        }
    }

    static bool AppendRepeated(StringBuilder text, Repeat repeat, bool anchorsCount)
    {
        var start = text.Length;
        for (var times = 0; times < repeat.Least; times++)
        {
            if (!AppendExact(text, repeat.Item, anchorsCount) || text.Length - start > LongestRepeated)
                return false;
        }

        return true;
    }
}
