using CloudWatch.Matching;

namespace CloudWatch.Patterns;

/// <summary>What a letter stands for behind a backslash: a class of characters, or itself.</summary>
static class RegexEscapes
{
    static readonly RuneSet Digit = RuneSet.Of([('0', '9')]);
    // The operators; and what may stand there without a backslash, since people write \/ and \-.
    const string Itself = FilterRegex.Operators + "\\:_#=@/;,-";

    static readonly RuneSet White = RuneSet.Of([('\t', '\r'), (' ', ' ')]);

    /// <summary>Null where the letter stands for nothing.</summary>
    public static RuneSet? Of(char letter) => letter switch
    {
        'd' => Digit,
        'D' => Digit.Negated(),
        's' => White,
        'S' => White.Negated(),
        'w' => RuneSet.Word,
        'W' => RuneSet.Word.Negated(),
        _ when Itself.Contains(letter, StringComparison.Ordinal) => RuneSet.Of(letter),
        _ => null
    };
}
