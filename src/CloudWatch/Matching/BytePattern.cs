namespace CloudWatch.Matching;

/// <summary>A regular expression made ready to be looked for in UTF-8. Any thread may use it.</summary>
public sealed class BytePattern
{
    BytePattern(Op[] ops, int start, string? literal, bool isLiteral) =>
        (Ops, Start, Literal, IsLiteral) = (ops, start, literal, isLiteral);

    /// <summary>The longest text that is in whatever is matched, case and all; null if none is.</summary>
    public string? Literal { get; }

    /// <summary>Whether any text with the literal in it matches.</summary>
    public bool IsLiteral { get; }

    internal Op[] Ops { get; }

    /// <summary>The step that a match begins with; the first of <see cref="Ops"/> looks for one.</summary>
    internal int Start { get; }

    /// <summary>A repetition is written out, a thousand times at most, and a class of Unicode may take hundreds of
    /// steps.</summary>
    const int MostSteps = 100_000;

    /// <param name="mostSteps">Each for a byte or a choice.</param>
    /// <returns>Null for an expression that is too large.</returns>
    public static BytePattern? Of(Node expression, int mostSteps = MostSteps) =>
        RequiredLiteral.Whole(expression) is { } whole ? new([], 0, whole, isLiteral: true)
        : OpWriter.Of(expression, mostSteps) is var (ops, start)
            ? new(ops, start, RequiredLiteral.Of(expression), isLiteral: false)
        : null;
}
