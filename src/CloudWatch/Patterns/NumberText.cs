using System.Buffers.Text;

namespace CloudWatch.Patterns;

/// <summary>What counts as a number, in a pattern and in a field: an optional sign, digits, optional decimals and an
/// optional exponent. Source: user guide, "Matching numeric values".</summary>
static class NumberText
{
    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        return IsNumber(text) && Utf8Parser.TryParse(text, out number, out var length) && length == text.Length;
    }

    static bool IsNumber(ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'+' or (byte)'-', ..] ? 1 : 0;
        if (!SkipDigits(text, ref at))
            return false;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (!SkipDigits(text, ref at))
                return false;
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at += at + 1 < text.Length && text[at + 1] is (byte)'+' or (byte)'-' ? 2 : 1;
            if (!SkipDigits(text, ref at))
                return false;
        }

        return at == text.Length;
    }

    static bool SkipDigits(ReadOnlySpan<byte> text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
            at++;
        return at > start;
    }
}
