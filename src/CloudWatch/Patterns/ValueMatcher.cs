using System.Text;
using CloudWatch.Matching;

namespace CloudWatch.Patterns;

/// <summary>A comparison ready to be made with values as UTF-8 bytes.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class ValueMatcher
{
    readonly Comparison _comparison;
    readonly Comparand _comparand;
    readonly byte[] _text;
    readonly Wildcard? _wildcard;
    readonly ByteMatcher? _regex;

    public ValueMatcher(ValueTest test)
    {
        (_comparison, _comparand) = (test.Comparison, test.Comparand);
        _text = test.Comparand switch
        {
            NumberComparand number => Encoding.UTF8.GetBytes(number.Text),
            TextComparand text => Encoding.UTF8.GetBytes(text.Text),
            _ => []
        };
        _wildcard = test.Comparand is WildcardComparand wildcard ? new(wildcard.Text) : null;
        _regex = test.Comparand is RegexComparand regex ? new(FilterRegex.Pattern(regex.Expression)!) : null;
    }

    /// <param name="text">A number as it is written in the message, or a string.</param>
    /// <param name="mayBeNumber">False for a JSON string, which is none whatever it says.</param>
    public bool Matches(ReadOnlySpan<byte> text, bool mayBeNumber) => _comparison switch
    {
        Comparison.Equal => Equals(text, mayBeNumber),
        Comparison.NotEqual => !Equals(text, mayBeNumber),
        _ => mayBeNumber && NumberText.TryParse(text, out var number) && IsInOrder(number)
    };

    bool Equals(ReadOnlySpan<byte> text, bool mayBeNumber) => _comparand switch
    {
        NumberComparand wanted => mayBeNumber && NumberText.TryParse(text, out var number)
            ? number == wanted.Number
            : text.SequenceEqual(_text),
        TextComparand => text.SequenceEqual(_text),
        WildcardComparand => _wildcard!.Matches(text),
        _ => _regex!.IsMatch(text)
    };

    bool IsInOrder(double number)
    {
        var wanted = ((NumberComparand)_comparand).Number;
        return _comparison switch
        {
            Comparison.Less => number < wanted,
            Comparison.AtMost => number <= wanted,
            Comparison.Greater => number > wanted,
            _ => number >= wanted
        };
    }
}
