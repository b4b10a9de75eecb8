using System.Buffers;
using System.Globalization;
using System.Text;

namespace CloudWatch.Patterns;

/// <summary>Reads a comparison: its sign and the value behind it.</summary>
static class ValueReader
{
    const string Quote = "put the value in double quotes";

    static readonly SearchValues<char> Bare =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.*-+");

    static readonly (string Sign, Comparison Comparison)[] Signs =
    [
        ("!=", Comparison.NotEqual), ("<=", Comparison.AtMost), (">=", Comparison.AtLeast),
        ("=", Comparison.Equal), ("<", Comparison.Less), (">", Comparison.Greater)
    ];

    public static ValueTest Read(PatternReader reader)
    {
        var comparison = ReadSign(reader);
        reader.SkipWhite();
        var start = reader.Position;
        var comparand = ReadComparand(reader);
        return comparison is Comparison.Equal or Comparison.NotEqual || comparand is NumberComparand
            ? new(comparison, comparand)
            : throw reader.Fault(
                start, $"{comparand} is no number, and only numbers have an order", "compare with a number, or with =");
    }

    /// <summary>What is in quotes, its closing quote taken too.</summary>
    public static string ReadQuoted(PatternReader reader)
    {
        var start = reader.Position++;
        var text = new StringBuilder();
        for (; reader.Current != '"'; reader.Position++)
        {
            if (reader.IsAtEnd)
                throw reader.Fault(start, "a quote is not closed", "add the closing double quote");
            if (reader.Current == '\\' && reader.Next is '"' or '\\')
                reader.Position++;

            text.Append(reader.Current);
        }

        reader.Position++;
        return text.ToString();
    }

    static Comparison ReadSign(PatternReader reader)
    {
        var start = reader.Position;
        foreach (var (sign, comparison) in Signs)
        {
            if (!reader.Take(sign))
                continue;

            return reader.Current != '=' ? comparison : throw reader.Fault(
                start, $"'{sign}=' is no comparison", "equality is written with one '='");
        }

        throw reader.Fault(
            start, $"{reader.Shown()} is no comparison", "write one of = != < <= > >=, and a value behind it");
    }

    static Comparand ReadComparand(PatternReader reader)
    {
        switch (reader.Current)
        {
            case '"':
                var quoted = ReadQuoted(reader);
                return quoted.Contains('*', StringComparison.Ordinal)
                    ? new WildcardComparand(quoted, IsQuoted: true)
                    : new TextComparand(quoted, IsQuoted: true);
            case '%':
                return FilterRegex.Read(reader);
            default:
                return ReadBare(reader);
        }
    }

    static Comparand ReadBare(PatternReader reader)
    {
        var start = reader.Position;
        var word = reader.TakeAll(Bare);
        if (!reader.IsAtEnd && !char.IsWhiteSpace(reader.Current) && !",)&|".Contains(reader.Current))
            throw reader.Invalid(start, Quote);
        if (IsNumber(word))
            return new NumberComparand(word, double.Parse(word, CultureInfo.InvariantCulture));

        return word switch
        {
            "" => throw reader.Fault(
                start, $"{reader.Shown()} stands where a value is expected", "write the value to compare with"),
            "null" => throw reader.Fault(start, "null is no value to compare with",
                "a selector IS NULL, or put the text in double quotes"),
            _ when word.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus => throw reader.Fault(
                start + plus, "'+' is not allowed here", Quote, $"Invalid character(s) in term '{word[..(plus + 1)]}'"),
            _ => word.Contains('*', StringComparison.Ordinal)
                ? new WildcardComparand(word, IsQuoted: false)
                : new TextComparand(word, IsQuoted: false)
        };
    }

    static bool IsNumber(string word) => NumberText.TryParse(Encoding.ASCII.GetBytes(word), out _);
}
