using System.Diagnostics.CodeAnalysis;
using CloudWatch.Patterns.Delimited;
using CloudWatch.Patterns.Json;
using CloudWatch.Patterns.Terms;

namespace CloudWatch.Patterns;

/// <summary>A filter pattern of CloudWatch Logs. Its way: text to tree, by the reader of its form
/// (<see cref="TermReader"/>, <see cref="JsonReader"/>, <see cref="DelimitedReader"/>), and tree to a matcher over
/// UTF-8 bytes. Source: user guide, "Filter pattern syntax".</summary>
public sealed class FilterPattern
{
    FilterPattern(string text, PatternTree tree, int regexes) => (Text, Tree, Regexes) = (text, tree, regexes);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public PatternTree Tree { get; }

    /// <summary>How many regular expressions it has; the service allows five filters with any in a group.</summary>
    public int Regexes { get; }

    /// <summary>Reads a pattern.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out FilterPattern? pattern,
        [NotNullWhen(false)] out PatternFault? fault)
    {
        (pattern, fault) = (null, null);
        try
        {
            pattern = Read(text);
            return true;
        }
        catch (PatternException e)
        {
            fault = e.Fault;
            return false;
        }
    }

    /// <summary>A matcher for one thread.</summary>
    /// <param name="selectors">What is to be read out of messages that match.</param>
    public PatternMatcher Matcher(params IReadOnlyList<ValueSelector> selectors) => Tree.Matcher(selectors);

    public override string ToString() => Text;

    static FilterPattern Read(string text)
    {
        if (text.Length > Limits.FilterPatternLength)
        {
            throw new PatternReader(text, 0, text.Length).Fault(
                Limits.FilterPatternLength, "the pattern is too long",
                $"{Limits.FilterPatternLength} characters are allowed");
        }

        var start = text.Length - text.AsSpan().TrimStart().Length;
        var end = Math.Max(start, text.AsSpan().TrimEnd().Length);
        return text.AsSpan(start, end - start) switch
        {
            ['{', .., '}'] => Read(text, start + 1, end - 1, JsonReader.Read),
            ['{', ..] => throw Unclosed(text, start, '{', '}'),
            ['[', .., ']'] => Read(text, start + 1, end - 1, DelimitedReader.Read),
            ['[', ..] => throw Unclosed(text, start, '[', ']'),
            _ => Read(text, start, end, reader => TermsTree.Of(TermReader.Read(reader)))
        };
    }

    static FilterPattern Read(string text, int start, int end, Func<PatternReader, PatternTree> read)
    {
        var reader = new PatternReader(text, start, end);
        return new(text, read(reader), reader.RegexesRead);
    }

    static PatternException Unclosed(string text, int start, char opening, char closing) =>
        new PatternReader(text, 0, text.Length).Fault(
        start, $"'{opening}' is not closed", $"end the pattern with '{closing}', or put the term in double quotes",
        $"If a filter pattern starts with '{opening}' it must end with '{closing}'");
}
