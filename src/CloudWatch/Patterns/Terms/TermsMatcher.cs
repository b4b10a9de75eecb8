using System.Text;
using CloudWatch.Matching;

namespace CloudWatch.Patterns.Terms;

/// <summary>Matches messages against the terms form: plain substrings, without word boundaries, and regular
/// expressions. Since no character's UTF-8 bytes occur inside another's, bytes are compared with bytes, and nothing is
/// decoded or allocated.</summary>
sealed class TermsMatcher(TermsTree tree) : PatternMatcher
{
    readonly Sought[] _all = Of(tree.All);
    readonly Sought[] _none = Of(tree.None);
    readonly Sought[] _anyOf = Of(tree.AnyOf);

    // Of the terms that must all be there the longest, since it is in the fewest messages.
    public override IReadOnlyList<byte[]> Needles =>
        _all.MaxBy(term => term.Literal.Length) is { Literal.Length: > 0 } longest ? [longest.Literal]
        : _anyOf.All(term => term.Literal.Length > 0) ? [.. _anyOf.Select(term => term.Literal)]
        : [];

    public override bool Matches(ReadOnlySpan<byte> utf8Message)
    {
        foreach (var term in _all)
        {
            if (!term.IsIn(utf8Message))
                return false;
        }

        return !IsAnyIn(_none, utf8Message) && (_anyOf.Length == 0 || IsAnyIn(_anyOf, utf8Message));
    }

    static bool IsAnyIn(Sought[] terms, ReadOnlySpan<byte> message)
    {
        foreach (var term in terms)
        {
            if (term.IsIn(message))
                return true;
        }

        return false;
    }

    // Texts before expressions: they are found faster.
    static Sought[] Of(IReadOnlyList<Comparand> terms) =>
        [.. terms.Select(term => new Sought(term)).OrderBy(sought => sought.IsRegex)];

    sealed class Sought(Comparand term)
    {
        readonly byte[] _text = term is TextComparand text ? Encoding.UTF8.GetBytes(text.Text) : [];

        readonly ByteMatcher? _regex =
            term is RegexComparand regex ? new(FilterRegex.Pattern(regex.Expression)!) : null;

        /// <summary>What stands in every message that has the term.</summary>
        public byte[] Literal { get; } = Encoding.UTF8.GetBytes(Prefilter.Literal(new(Comparison.Equal, term)));

        public bool IsRegex => _regex is not null;

        public bool IsIn(ReadOnlySpan<byte> message) => _regex?.IsMatch(message) ?? message.IndexOf(_text) >= 0;
    }
}
