using CloudWatch.Matching;

namespace CloudWatch.Patterns;

/// <summary>What a letter stands for behind a backslash: a class of characters, or itself where it would have another
/// meaning alone.</summary>
static class RegexEscapes
{
    static readonly RuneSet Digit = RuneSet.Of([('0', '9')]);
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
        > ' ' and < '\x7F' when !char.IsAsciiLetterOrDigit(letter) => RuneSet.Of(letter),
        _ => null
    };
}
