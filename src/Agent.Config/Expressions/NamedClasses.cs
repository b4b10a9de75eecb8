using System.Globalization;
using CloudWatch.Matching;

namespace Agent.Config.Expressions;

/// <summary>The classes that have a name: \d and its like, [:alpha:] and its like, \p{Lu} and its like. Source: RE2
/// syntax.</summary>
static class NamedClasses
{
    static readonly RuneSet Digit = RuneSet.Of([('0', '9')]);

    // Without \v, which only [:space:] has.
    static readonly RuneSet Blank = RuneSet.Of([('\t', '\n'), ('\f', '\r'), (' ', ' ')]);

    static readonly Dictionary<string, RuneSet> Posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = RuneSet.Of([('0', '9'), ('A', 'Z'), ('a', 'z')]),
        ["alpha"] = RuneSet.Of([('A', 'Z'), ('a', 'z')]),
        ["ascii"] = RuneSet.Of([(0, 0x7F)]),
        ["blank"] = RuneSet.Of([('\t', '\t'), (' ', ' ')]),
        ["cntrl"] = RuneSet.Of([(0, 0x1F), (0x7F, 0x7F)]),
        ["digit"] = Digit,
        ["graph"] = RuneSet.Of([('!', '~')]),
        ["lower"] = RuneSet.Of([('a', 'z')]),
        ["print"] = RuneSet.Of([(' ', '~')]),
        ["punct"] = RuneSet.Of([('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        ["space"] = RuneSet.Of([('\t', '\r'), (' ', ' ')]),
        ["upper"] = RuneSet.Of([('A', 'Z')]),
        ["word"] = RuneSet.Word,
        ["xdigit"] = RuneSet.Of([('0', '9'), ('A', 'F'), ('a', 'f')])
    };

    static readonly string[] CategoryNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"
    ];

    static readonly Lazy<RuneSet[]> Categories = new(FindCategories);

    /// <summary>The class of the letter behind a backslash, such as d; null if that letter has none. The capital letter
    /// means all but the class, which the caller sees to.</summary>
    public static RuneSet? OfLetter(int small) => small switch
    {
        'd' => Digit,
        's' => Blank,
        'w' => RuneSet.Word,
        _ => null
    };

    public static RuneSet? OfPosix(string name) => Posix.GetValueOrDefault(name);

    /// <summary>A general category by its short name, or several by their first letter; null for what .NET does not
    /// know, such as scripts.</summary>
    public static RuneSet? OfUnicode(string name)
    {
        if (name == "Any")
            return RuneSet.All;

        var meant = CategoryNames.Index().Where(known => known.Item == name || known.Item[..1] == name);
        var sets = meant.Select(known => Categories.Value[known.Index]).ToList();
        return sets.Count == 0 ? null : RuneSet.Of(sets.SelectMany(set => set.Ranges));
    }

    static RuneSet[] FindCategories()
    {
        // One more for what is not assigned, which RE2 has no name for.
        var ranges = CategoryNames.Append("Cn").Select(_ => new List<(int First, int Last)>()).ToArray();
        var (first, current) = (0, CharUnicodeInfo.GetUnicodeCategory(0));
        for (var rune = 1; rune <= RuneSet.LastRune; rune++)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(rune);
            if (category == current)
                continue;

            ranges[(int)current].Add((first, rune - 1));
            (first, current) = (rune, category);
        }

        ranges[(int)current].Add((first, RuneSet.LastRune));
        return [.. ranges.Select(RuneSet.Of)];
    }
}
