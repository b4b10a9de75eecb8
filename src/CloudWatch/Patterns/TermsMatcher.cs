using System.Text;

namespace CloudWatch.Patterns;

/// <summary>Matches messages against the terms form: plain substrings, without word boundaries. Since no character's
/// UTF-8 bytes occur inside another's, bytes are compared with bytes, and nothing is decoded or allocated.</summary>
public sealed class TermsMatcher(TermsTree tree)
{
    readonly byte[][] _all = Utf8(tree.All);
    readonly byte[][] _none = Utf8(tree.None);
    readonly byte[][] _anyOf = Utf8(tree.AnyOf);

    public bool Matches(ReadOnlySpan<byte> utf8Message)
    {
        foreach (var term in _all)
        {
            if (utf8Message.IndexOf(term) < 0)
                return false;
        }

        return !ContainsOneOf(_none, utf8Message) && (_anyOf.Length == 0 || ContainsOneOf(_anyOf, utf8Message));
    }

    static bool ContainsOneOf(byte[][] terms, ReadOnlySpan<byte> message)
    {
        foreach (var term in terms)
        {
            if (message.IndexOf(term) >= 0)
                return true;
        }

        return false;
    }

    static byte[][] Utf8(IReadOnlyList<string> texts) => texts.Select(Encoding.UTF8.GetBytes).ToArray();
}
