using System.Globalization;
using CloudWatch.Matching;

namespace CloudWatch.Patterns;

public enum Comparison
{
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast
}

/// <summary>What a value is compared with.</summary>
public abstract record Comparand;

/// <param name="Text">As written: a JSON string equals it by its text.</param>
public sealed record NumberComparand(string Text, double Number) : Comparand
{
    public override string ToString() => Text;
}

/// <summary>A word, or a text in quotes, without an asterisk.</summary>
/// <param name="IsQuoted">A number in quotes is compared as text.</param>
public sealed record TextComparand(string Text, bool IsQuoted) : Comparand
{
    public override string ToString() => IsQuoted ? ValueTest.Quoted(Text) : Text;
}

/// <summary>A word or text with asterisks, each of which stands for any characters or none.</summary>
public sealed record WildcardComparand(string Text, bool IsQuoted) : Comparand
{
    public override string ToString() => IsQuoted ? ValueTest.Quoted(Text) : Text;
}

/// <summary><c>%regex%</c></summary>
public sealed record RegexComparand(string Text, Node Expression) : Comparand
{
    public bool Equals(RegexComparand? other) => other?.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"%{Text}%";
}

/// <summary>A comparison of one value: <c>&gt; 75</c>.</summary>
/// <param name="Comparand">A number where the comparison is of order.</param>
public sealed record ValueTest(Comparison Comparison, Comparand Comparand)
{
    public static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "!=",
        Comparison.Less => "<",
        Comparison.AtMost => "<=",
        Comparison.Greater => ">",
        _ => ">="
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Sign(Comparison)} {Comparand}");

    internal static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
