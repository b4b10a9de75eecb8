using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Agent.Config.Expressions;

/// <summary>A regular expression of the configuration. Written in RE2's syntax, as the CloudWatch agent takes it, and
/// looked for anywhere in a text.</summary>
/// <param name="Written">As it stands in the configuration.</param>
/// <param name="Pattern">Matches the same texts in .NET with <see cref="Options"/>; which part of a text, and what of
/// it is in groups, is not kept. Two differences are left: a \b in the middle takes letters beyond ASCII for parts of
/// words, and \p{..} takes characters beyond U+FFFF in blocks of 1024.</param>
/// <param name="Literal">The longest text that is in whatever is matched, case and all; null if none is.</param>
/// <param name="IsLiteral">Whether any text with the literal in it matches, so that no pattern is needed.</param>
public sealed record Expression(string Written, string Pattern, string? Literal, bool IsLiteral)
{
    /// <summary>What stands in an expression for the entry's timestamp_format.</summary>
    public const string Timestamp = "{timestamp_format}";

    public const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>A tenth of the states that .NET's limit allows, three of which a character may need.</summary>
    const int SurelyBuilt = 1000;

    const string Smaller = "write it shorter, or with smaller numbers in braces";

    /// <summary>Reads an expression in linear time. That .NET can build the pattern is another matter: see
    /// <see cref="BuildFault"/>.</summary>
    /// <param name="timestampFormat">The layout that {timestamp_format} in the expression stands for; null where the
    /// word is plain text.</param>
    public static bool TryRead(
        string written,
        string? timestampFormat,
        [NotNullWhen(true)] out Expression? expression,
        [NotNullWhen(false)] out ExpressionFault? fault)
    {
        (expression, fault) = (null, null);
        try
        {
            var timestamp = timestampFormat is null ? null
                : Grammar.Read(TimestampFormat.ExpressionOf(timestampFormat), timestamp: null);
            var meant = Grammar.Read(written, timestamp);
            var whole = RequiredLiteral.Whole(meant);
            // What is searched as bytes needs no pattern, and may be as long as it likes.
            if ((whole ?? PatternWriter.Write(WordEdges.AtEnds(meant))) is { } pattern)
            {
                pattern = whole is null ? pattern : Regex.Escape(whole);
                expression = new(written, pattern, whole ?? RequiredLiteral.Of(meant), whole is not null)
                {
                    IsSmall = meant.Size <= SurelyBuilt
                };
            }
            else
            {
                fault = new(1, "the expression is too large, or has too many different characters", Smaller);
            }
        }
        catch (ExpressionException trouble)
        {
            fault = trouble.Fault;
        }

        return expression is not null;
    }

    /// <summary>Whether it is that and nothing else.</summary>
    public bool IsTimestamp => Written == Timestamp;

    bool IsSmall { get; init; }

    // What the records of Model are made with; the checks have spoken about a text that is no expression.
    internal static Expression? Of(string? written) => OfStart(written, timestampFormat: null);

    internal static Expression? OfStart(string? written, string? timestampFormat) =>
        written is not null && TryRead(written, timestampFormat, out var expression, out _) ? expression : null;

    /// <summary>Builds the matcher of a large expression once, to see that it can be.</summary>
    /// <returns>Null if all is well.</returns>
    public ExpressionFault? BuildFault()
    {
        if (IsLiteral || IsSmall)
            return null;

        try
        {
            _ = new Regex(Pattern, Options);
            return null;
        }
        catch (NotSupportedException)
        {
            return new(1, "the expression needs too large a matcher", Smaller);
        }
        catch (ArgumentException)
        {
            // .NET bounds what the translation does not, such as how deep groups lie in each other.
            return new(1, "the expression is beyond what .NET can match", Smaller);
        }
    }
}
