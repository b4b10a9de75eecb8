using System.Diagnostics.CodeAnalysis;
using CloudWatch.Matching;

namespace Agent.Config.Expressions;

/// <summary>A regular expression of the configuration. Written in RE2's syntax, as the CloudWatch agent takes it, and
/// looked for anywhere in a text.</summary>
/// <param name="Written">As it stands in the configuration.</param>
/// <param name="Pattern">Finds the same texts; which part of a text, and what of it is in groups, is not kept.</param>
public sealed record Expression(string Written, BytePattern Pattern)
{
    /// <summary>What stands in an expression for the entry's timestamp_format.</summary>
    public const string Timestamp = "{timestamp_format}";

    /// <summary>Reads an expression; one that would take long to make ready is too large.</summary>
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
            if (BytePattern.Of(meant) is { } pattern)
            {
                expression = new(written, pattern);
            }
            else
            {
                fault = new(1, "the expression is too large", "write it shorter, or with smaller numbers in braces");
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

    // What the records of Model are made with; the checks have spoken about a text that is no expression.
    internal static Expression? Of(string? written) => OfStart(written, timestampFormat: null);

    internal static Expression? OfStart(string? written, string? timestampFormat) =>
        written is not null && TryRead(written, timestampFormat, out var expression, out _) ? expression : null;
}
