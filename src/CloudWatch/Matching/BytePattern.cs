namespace CloudWatch.Matching;

/// <summary>A regular expression made ready to be looked for in UTF-8. Any thread may use it.</summary>
public sealed class BytePattern
{
    BytePattern(Op[] ops, string? literal, bool isLiteral) => (Ops, Literal, IsLiteral) = (ops, literal, isLiteral);

    /// <summary>The longest text that is in whatever is matched, case and all; null if none is.</summary>
    public string? Literal { get; }

    /// <summary>Whether any text with the literal in it matches.</summary>
    public bool IsLiteral { get; }

    internal Op[] Ops { get; }

    /// <summary>Null for an expression that is too large: a hundred thousand steps are, each for a byte or a choice.
    /// </summary>
    public static BytePattern? Of(Node expression) =>
        RequiredLiteral.Whole(expression) is { } whole ? new([], whole, isLiteral: true)
        : OpWriter.Write(expression) is { } ops ? new(ops, RequiredLiteral.Of(expression), isLiteral: false)
        : null;
}
