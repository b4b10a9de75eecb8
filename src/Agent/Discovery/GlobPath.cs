namespace Agent.Discovery;

/// <summary>What stands between two slashes of a pattern.</summary>
/// <param name="Literal">The name itself, where nothing in it is a wildcard; else null.</param>
/// <param name="IsFolders">Two stars: any number of folders, also none.</param>
/// <param name="Tokens">Empty for <paramref name="IsFolders"/>.</param>
sealed record GlobPart(string? Literal, bool IsFolders, GlobToken[] Tokens)
{
    public static GlobPart Folders { get; } = new(null, true, []);

    /// <summary>The part that is this name and no other.</summary>
    public static GlobPart Named(string name) =>
        new(name, false, [.. name.EnumerateRunes().Select(rune => new GlobToken(GlobTokenKind.One, rune))]);

    /// <summary>Two stars with something beside them: what follows may lie at any depth.</summary>
    public bool IsCrossing { get; } = Tokens.Any(token => token.Kind == GlobTokenKind.Crossing);

    public bool IsMatch(ReadOnlySpan<char> name) => GlobToken.IsMatch(Tokens, name);
}

/// <summary>A pattern without alternatives, from the root.</summary>
sealed class GlobPath(IReadOnlyList<GlobPart> parts)
{
    readonly GlobToken[] _tokens = [.. TokensOf(parts)];

    public IReadOnlyList<GlobPart> Parts => parts;

    /// <summary>The path, if there is no wildcard in it.</summary>
    public string? Literal { get; } =
        parts.All(part => part.Literal is not null) ? string.Concat(parts.Select(part => "/" + part.Literal)) : null;

    public bool IsMatch(ReadOnlySpan<char> path) => GlobToken.IsMatch(_tokens, path);

    static IEnumerable<GlobToken> TokensOf(IReadOnlyList<GlobPart> parts)
    {
        var slash = new GlobToken(GlobTokenKind.One, new('/'));
        var crossing = new GlobToken(GlobTokenKind.Crossing);
        foreach (var (index, part) in parts.Index())
        {
            GlobToken[] tokens = part switch
            {
                { IsFolders: true } when index == parts.Count - 1 => [slash, crossing],
                { IsFolders: true } => [new(GlobTokenKind.Folders), crossing],
                _ => [slash, .. part.Tokens]
            };
            foreach (var token in tokens)
            {
                yield return token;
            }
        }
    }
}
