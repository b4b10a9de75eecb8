using System.Text;

namespace Agent.Config.Expressions;

/// <summary>The tokens of timestamp_format, and what each looks like in a line. Source: CloudWatch agent, whose table
/// lacks %e %j %s %T %D %F %% and takes months of seven letters only for %B.</summary>
static class TimestampFormat
{
    const string UpToTwoDigits = "\\s?\\d{1,2}";

    static readonly Dictionary<string, string> Tokens = new(StringComparer.Ordinal)
    {
        ["%Y"] = "\\d{4}",
        ["%y"] = "\\d{2}",
        ["%m"] = UpToTwoDigits,
        ["%-m"] = UpToTwoDigits,
        ["%B"] = "\\w{3,9}",
        ["%b"] = "\\w{3}",
        ["%d"] = UpToTwoDigits,
        ["%-d"] = UpToTwoDigits,
        ["%e"] = UpToTwoDigits,
        ["%A"] = "\\w{6,9}",
        ["%a"] = "\\w{3}",
        ["%H"] = "\\d{2}",
        ["%-H"] = "\\d{1,2}",
        ["%I"] = "\\d{2}",
        ["%-I"] = "\\d{1,2}",
        ["%M"] = "\\d{2}",
        ["%-M"] = "\\d{1,2}",
        ["%S"] = "\\d{2}",
        ["%-S"] = "\\d{1,2}",
        ["%p"] = "\\w{2}",
        ["%Z"] = "\\w{3,5}",
        ["%z"] = "(?:Z|[+-]\\d{2}:?\\d{2})",
        ["%f"] = "\\d{1,9}",
        ["%s"] = "\\d{1,19}",
        ["%j"] = "\\d{3}",
        ["%T"] = "\\d{2}:\\d{2}:\\d{2}",
        ["%D"] = UpToTwoDigits + "/" + UpToTwoDigits + "/\\d{2}",
        ["%F"] = "\\d{4}-" + UpToTwoDigits + "-" + UpToTwoDigits,
        ["%%"] = "%"
    };

    public static string Known { get; } = string.Join(' ', Tokens.Keys);

    /// <summary>An RE2 expression that finds a timestamp of this layout. A token that is not known is text.</summary>
    public static string ExpressionOf(string format)
    {
        var expression = new StringBuilder();
        foreach (var piece in PiecesOf(format))
        {
            if (Tokens.TryGetValue(piece, out var look))
                expression.Append(look);
            else
                AppendText(expression, piece);
        }

        return expression.ToString();
    }

    public static IEnumerable<string> UnknownTokensIn(string format) =>
        PiecesOf(format).Where(piece => piece[0] == '%' && !Tokens.ContainsKey(piece)).Distinct();

    // Each token, and each character of the rest.
    static IEnumerable<string> PiecesOf(string format)
    {
        for (var i = 0; i < format.Length;)
        {
            var length = format[i] != '%' ? 1 : format.AsSpan(i).StartsWith("%-") ? 3 : 2;
            length = Math.Min(length, format.Length - i);
            yield return format.Substring(i, length);
            i += length;
        }
    }

    static void AppendText(StringBuilder expression, string text)
    {
        foreach (var letter in text)
        {
            if (char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter))
                expression.Append('\\');

            expression.Append(letter);
        }
    }
}
