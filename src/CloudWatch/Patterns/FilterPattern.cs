using System.Diagnostics.CodeAnalysis;

namespace CloudWatch.Patterns;

/// <summary>A filter pattern of CloudWatch Logs, ready to be matched against messages as UTF-8 bytes. It is read in
/// three stages: text to terms (<see cref="TermScanner"/>), terms to a tree (<see cref="TermsTree"/>), tree to a
/// matcher (<see cref="TermsMatcher"/>). Source: user guide, "Filter pattern syntax".</summary>
public sealed class FilterPattern
{
    readonly TermsMatcher _matcher;

    FilterPattern(TermsMatcher matcher) => _matcher = matcher;

    /// <summary>Reads a pattern.</summary>
    /// <param name="error">What is wrong with it, in the service's words where it has some.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out FilterPattern? pattern, [NotNullWhen(false)] out string? error)
    {
        pattern = null;
        var trimmed = text.Trim();
        error = WhyNotTerms(trimmed);
        if (error is not null || !TermScanner.TryScan(trimmed, out var terms, out error))
            return false;

        pattern = new(new(TermsTree.Of(terms)));
        return true;
    }

    /// <summary>Whether a message matches: case counts, cultures do not.</summary>
    public bool Matches(ReadOnlySpan<byte> utf8Message) => _matcher.Matches(utf8Message);

    static string? WhyNotTerms(string text) => text switch
    {
        ['{', .., '}'] => "Filter patterns of the JSON form, { … }, are not served yet.",
        ['{', ..] => "If a filter pattern starts with '{' it must end with '}'",
        ['[', .., ']'] => "Filter patterns of the space-delimited form, [ … ], are not served yet.",
        ['[', ..] => "If a filter pattern starts with '[' it must end with ']'",
        _ => null
    };
}
