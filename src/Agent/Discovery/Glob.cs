namespace Agent.Discovery;

/// <summary>A pattern of absolute paths.</summary>
/// <remarks>
/// * is any number of characters but slashes, ? is one; [a-z] and [abc] are one of a set, [!a] and [^a] one of the
/// others; {a,b} is a choice, which may hold slashes, wildcards and other choices; \x is x itself. Two stars that are a
/// part of their own are any number of folders, also none; inside a part they are any number of characters, slashes
/// among them. A dot at a name's beginning is a character like any other. Capitals count.
/// </remarks>
sealed class Glob
{
    /// <summary>PATH_MAX: no path is longer, and the configuration's schema allows no more. It bounds the work of a
    /// match.</summary>
    const int MaxPatternChars = 4096;

    readonly IReadOnlyList<GlobPath> _alternatives;

    Glob(string text, IReadOnlyList<GlobPath> alternatives)
    {
        Text = text;
        _alternatives = alternatives;
        LiteralPath = alternatives is [var only] ? only.Literal : null;
    }

    /// <summary>The pattern as it is written.</summary>
    public string Text { get; }

    /// <summary>Whether it stands for one path only.</summary>
    public bool IsLiteral => LiteralPath is not null;

    /// <summary>The path it stands for, if it is literal.</summary>
    public string? LiteralPath { get; }

    /// <summary>The folder that all paths it stands for lie in, as far as the pattern names it; of several
    /// alternatives the first one's.</summary>
    public string StaticFolder =>
        "/" + string.Join('/', _alternatives[0].Parts.SkipLast(1).TakeWhile(part => part.Literal is not null)
            .Select(part => part.Literal));

    /// <param name="fault">What is wrong with the pattern, as the end of a sentence about it.</param>
    public static Glob? TryParse(string pattern, out string fault)
    {
        fault = pattern.Length > MaxPatternChars ? $"it is longer than {MaxPatternChars} characters"
            : !pattern.StartsWith('/') ? "it is no absolute path: it must begin with /"
            : pattern.Contains('\0', StringComparison.Ordinal) ? "it holds a NUL, which no file's name can"
            : "";
        if (fault.Length > 0 || GlobBraces.TryExpand(pattern, out fault) is not { } expanded)
        {
            return null;
        }

        var alternatives = new List<GlobPath>();
        foreach (var one in expanded)
        {
            var scanner = new GlobScanner(one);
            if (scanner.Scan() is not { } path)
            {
                fault = scanner.Fault;
                return null;
            }

            alternatives.Add(path);
        }

        return new(pattern, alternatives);
    }

    /// <summary>The pattern of one path, whatever characters are in it.</summary>
    public static Glob Literal(string absolutePath) =>
        new(
            absolutePath,
            [new([.. absolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(GlobPart.Named)])]);

    /// <summary>Whether a path fits, be there such a file or not. The time it takes is linear in the path's
    /// length.</summary>
    public bool IsMatch(string absolutePath)
    {
        foreach (var alternative in _alternatives)
        {
            if (alternative.IsMatch(absolutePath))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks at the disk.</summary>
    public GlobWalk Walk() => Walk(WalkBounds.Usual);

    public GlobWalk Walk(WalkBounds bounds)
    {
        var walker = new GlobWalker(bounds);
        foreach (var alternative in _alternatives)
        {
            walker.Walk(alternative);
        }

        return walker.Result();
    }
}
