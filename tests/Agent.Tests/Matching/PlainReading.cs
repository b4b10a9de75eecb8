using System.Text;
using CloudWatch.Matching;

namespace Agent.Tests.Matching;

/// <summary>What an expression means, word by word: from where a piece begins, where it may end.</summary>
static class PlainReading
{
    public static bool IsIn(string text, Node expression)
    {
        var runes = text.EnumerateRunes().ToArray();
        return Enumerable.Range(0, runes.Length + 1).Any(at => Ends(expression, runes, at).Count > 0);
    }

    static HashSet<int> Ends(Node node, Rune[] text, int at) => node switch
    {
        Letter letter => at < text.Length && letter.Set.Has(text[at].Value) ? [at + 1] : [],
        Anchor anchor => Holds(anchor.Edge, text, at) ? [at] : [],
        Choice choice => [.. choice.Branches.SelectMany(branch => Ends(branch, text, at))],
        Sequence sequence => sequence.Items.Aggregate(
            new HashSet<int> { at }, (from, item) => [.. from.SelectMany(start => Ends(item, text, start))]),
        Repeat repeat => Ends(repeat, text, at),
        _ => throw new ArgumentOutOfRangeException(nameof(node))
    };

    static HashSet<int> Ends(Repeat repeat, Rune[] text, int at)
    {
        HashSet<int> last = [at];
        for (var times = 0; times < repeat.Least; times++)
        {
            last = [.. last.SelectMany(start => Ends(repeat.Item, text, start))];
        }

        var all = last.ToHashSet();
        for (var times = repeat.Least; last.Count > 0 && times < (repeat.Most ?? int.MaxValue); times++)
        {
            last = [.. last.SelectMany(start => Ends(repeat.Item, text, start)).Where(all.Add)];
        }

        return all;
    }

    static bool Holds(Edge edge, Rune[] text, int at)
    {
        var (isFirst, isLast) = (at == 0, at == text.Length);
        var isEdge = (!isFirst && IsWord(text[at - 1])) != (!isLast && IsWord(text[at]));
        return edge switch
        {
            Edge.TextStart => isFirst,
            Edge.TextEnd => isLast,
            Edge.LineStart => isFirst || text[at - 1].Value == '\n',
            Edge.LineEnd => isLast || text[at].Value == '\n',
            Edge.WordEdge => isEdge,
            _ => !isEdge
        };
    }

    static bool IsWord(Rune rune) => rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '_');
}
