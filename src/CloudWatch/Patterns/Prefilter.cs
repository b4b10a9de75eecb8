using System.Text;

namespace CloudWatch.Patterns;

/// <summary>Texts one of which stands in every message that matches. They are searched before anything is read, since
/// most messages have none.</summary>
sealed class Prefilter
{
    /// <summary>More are not found faster than the message is read.</summary>
    const int Most = 4;

    readonly byte[][] _texts;

    Prefilter(IEnumerable<string> texts) => _texts = [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Null where nothing is known of the messages that match.</summary>
    /// <param name="literal">The longest text without which a condition cannot hold; empty if there is none.</param>
    public static Prefilter? Of(Clause clause, Func<Clause, string> literal) =>
        TextsOf(clause, literal) is { Count: > 0 and <= Most } texts ? new(texts) : null;

    public IReadOnlyList<byte[]> Texts => _texts;

    public bool MayMatch(ReadOnlySpan<byte> message)
    {
        foreach (var text in _texts)
        {
            if (message.IndexOf(text) >= 0)
                return true;
        }

        return false;
    }

    static HashSet<string>? TextsOf(Clause clause, Func<Clause, string> literal)
    {
        switch (clause)
        {
            case AllOf all:
                // Any of them would do; the one whose shortest text is longest lets the fewest pass.
                return all.Clauses.Select(one => TextsOf(one, literal))
                    .Where(texts => texts?.Count <= Most)
                    .MaxBy(texts => texts!.Min(text => text.Length));
            case AnyOf any:
                var each = any.Clauses.Select(one => TextsOf(one, literal)).ToList();
                return each.Contains(null) ? null : [.. each.SelectMany(texts => texts!)];
            default:
                return literal(clause) is { Length: > 0 } text ? [text] : null;
        }
    }

    /// <summary>The longest text without which a comparison cannot hold.</summary>
    public static string Literal(ValueTest test) => (test.Comparison, test.Comparand) switch
    {
        (Comparison.Equal, TextComparand text) => text.Text,
        (Comparison.Equal, WildcardComparand wildcard) => Wildcard.Literal(wildcard.Text),
        (Comparison.Equal, RegexComparand regex) => FilterRegex.Pattern(regex.Expression)!.Literal ?? "",
        _ => ""
    };
}
