namespace Agent.Tests.Support;

/// <summary>The tables of what the product does, as text files. In a table a line is a case, # begins a comment.
/// </summary>
static class Cases
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Cases");

    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>The columns of each line, trimmed.</summary>
    public static IEnumerable<string[]> Table(string name, string separator) =>
        from line in File.ReadLines(PathOf(name))
        where line.Length > 0 && line[0] != '#'
        select line.Split(separator, StringSplitOptions.TrimEntries);
}
