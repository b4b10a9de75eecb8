namespace Agent.Discovery;

/// <summary>Writes {a,b} out: one pattern for each choice.</summary>
static class GlobBraces
{
    /// <summary>Each of them is walked on its own. Ten choices of two are a thousand patterns, so twelve characters a
    /// choice can ask for more work than there is time.</summary>
    public const int MaxAlternatives = 256;

    /// <summary>The patterns that one stands for, itself if there is no choice in it; null with the reason when it
    /// cannot be read.</summary>
    public static IReadOnlyCollection<string>? TryExpand(string pattern, out string fault)
    {
        fault = "";
        var expanded = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>([pattern]);
        while (waiting.TryPop(out var next))
        {
            if (!TryFindFirst(next, out var open, out var marks, out fault))
            {
                return null;
            }

            if (open < 0)
            {
                expanded.Add(next);
                continue;
            }

            var from = open + 1;
            foreach (var mark in marks)
            {
                waiting.Push(string.Concat(next.AsSpan(0, open), next.AsSpan(from, mark - from),
                    next.AsSpan(marks[^1] + 1)));
                from = mark + 1;
            }

            if (waiting.Count + expanded.Count > MaxAlternatives)
            {
                fault = $"its braces stand for more than {MaxAlternatives} patterns";
                return null;
            }
        }

        return expanded;
    }

    // The first choice that is in no other one: its marks are its commas and its closing brace. Open is less than 0
    // where there is none.
    static bool TryFindFirst(string pattern, out int open, out List<int> marks, out string fault)
    {
        (open, marks, fault) = (-1, [], "");
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    i = EndOfSet(pattern, i);
                    break;
                case '{' when depth++ == 0:
                    open = i;
                    break;
                case ',' when depth == 1:
                    marks.Add(i);
                    break;
                case '}' when depth == 0:
                    fault = @"a } in it has no {; write \} for the character itself";
                    return false;
                case '}' when --depth == 0:
                    marks.Add(i);
                    return true;
            }
        }

        fault = depth > 0 ? @"a { in it has no }; write \{ for the character itself" : "";
        return depth == 0;
    }

    // Where the set has no end, all of the rest belongs to it: the scanner says so.
    static int EndOfSet(string pattern, int start)
    {
        var i = start + 1;
        while (i < pattern.Length && pattern[i] != ']')
        {
            i += pattern[i] == '\\' ? 2 : 1;
        }

        return i;
    }
}
